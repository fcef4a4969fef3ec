"""Merging clients while others work; and prospects, the trail, files, and tables of the future."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.merges import furnished, merged_into
from tests.support.tenant_rows import contents_of
from zixly_data.database.connection import scoped
from zixly_data.errors import Conflict, NotFound
from zixly_data.identity import Identity
from zixly_data.records import client_merges, clients
from zixly_data.records.client_merges import merge, preview, undo

NewTeam = Callable[[], Team]


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


def test_two_people_merge_at_once_and_one_of_them_is_told(team: Team) -> None:
    a, b = books.client(team, "A"), books.client(team, "B")
    books.money(team, a, "2024-01-01", "1")
    books.money(team, b, "2024-01-01", "2")
    previews = [preview(team.editor, a, b), preview(team.admin, b, a)]

    def attempt(seen: Any) -> str:
        try:
            return merge(team.editor, seen)
        except NotFound:
            return "not found"

    with ThreadPoolExecutor() as people:
        results = sorted(people.map(attempt, previews))
    assert results[-1] == "not found"
    assert results[0].startswith("mrg_")


def test_a_record_that_is_being_written_moves_or_is_refused(team: Team, admin: sa.Engine) -> None:
    """Whoever records something for a client while it is merged comes before or after, and no
    record is lost."""
    kept, merged = books.client(team, "Kept"), books.client(team, "Merged")
    with scoped(team.editor) as writing:
        writing.execute(
            sa.text(
                "insert into financials (client_kpi_id, record_date, revenue, expenses)"
                " values (:client, '2024-01-01', 5, 0)"
            ),
            {"client": merged},
        )
        with ThreadPoolExecutor() as people:
            seen = preview(team.admin, kept, merged)
            waiting = people.submit(merge, team.admin, seen)
            assert not waiting.done()
            writing.commit()
            with pytest.raises(Conflict):
                waiting.result()
    merged_into(team, kept, merged)
    with pytest.raises(NotFound):
        books.money(team, merged, "2024-01-01", "1")
    (record,) = contents_of(admin, team.tenant_id)["financials"].values()
    assert record["client_kpi_id"] == kept


def test_a_prospect_becomes_a_client_by_what_moves_and_is_one_again(team: Team) -> None:
    kept = books.client(team, "Kea", status="PROSPECT")
    merged = books.client(team, "Kea Ltd")
    books.money(team, merged, "2024-01-01", "1")
    seen = preview(team.editor, kept, merged)
    assert "Kea is a prospect and becomes an active client." in seen.sentences
    merge_id = merge(team.editor, seen)
    assert clients.get(team.viewer, kept).status == "ACTIVE"
    undo(team.editor, merge_id)
    assert clients.get(team.viewer, kept).status == "PROSPECT"
    merge_id = merged_into(team, kept, merged)
    books.money(team, kept, "2024-02-01", "1")
    undo(team.editor, merge_id)
    assert clients.get(team.viewer, kept).status == "ACTIVE"


def test_a_prospect_that_is_merged_leaves_the_kept_client_as_it_is(team: Team) -> None:
    kept, merged = books.client(team, "Kea"), books.client(team, "Kea Ltd", status="PROSPECT")
    books.event(team, merged, "L-1", "Inquiry", "2024-01-01")
    merge_id = merged_into(team, kept, merged)
    assert clients.get(team.viewer, kept).status == "ACTIVE"
    undo(team.editor, merge_id)
    assert clients.get(team.viewer, merged).status == "PROSPECT"


def test_every_move_is_on_the_trail_under_who_merged(team: Team, admin: sa.Engine) -> None:
    kept, merged = furnished(team, admin)
    merge_id = merged_into(team, kept, merged)
    with admin.connect() as superuser:
        entries = superuser.execute(
            sa.text(
                "select action, table_name, row_id, user_id, after from zixly.audit_log"
                " where tenant_id = :tenant and at >= (select created_at from zixly.client_merges"
                " where tenant_id = :tenant and id = :merge)"
            ),
            {"tenant": team.tenant_id, "merge": merge_id},
        ).all()
    assert {entry.user_id for entry in entries} == {team.editor.user_id}
    actions = [(entry.action, entry.table_name) for entry in entries]
    assert actions.count(("UPDATE", "lead_events")) == 2
    assert actions.count(("UPDATE", "financials")) == 3
    assert actions.count(("DELETE", "client_kpis")) == 1
    (merge_entry,) = (entry for entry in entries if entry.table_name == "client_merges")
    assert merge_entry.after["merged"]["client_name"] == "Harbour Cafe"
    assert not {"moved", "replaced"} & merge_entry.after.keys()


def test_names_and_ids_of_merged_clients_lead_to_the_client_with_their_records(
    team: Team, sarah: Identity
) -> None:
    a, b, c, d = (books.client(team, name, client_id=f"X-{name}") for name in "ABCD")
    with scoped(team.editor) as connection:
        assert client_merges.aliases(connection, team.editor).client_ids == {}
    merged_into(team, b, a)
    merge_id = merged_into(team, c, b)
    with scoped(team.editor) as connection:
        aliases = client_merges.aliases(connection, team.editor)
    assert aliases.client_ids == {"X-A": c, "X-B": c}
    assert aliases.names == {"A": c, "B": c}
    assert aliases.ids == {a: c, b: c}
    undo(team.editor, merge_id)
    again = books.client(team, "A", client_id="Y-A")
    merged_into(team, d, again)
    with scoped(team.editor) as connection:
        aliases = client_merges.aliases(connection, team.editor)
    assert aliases.client_ids == {"X-A": b, "Y-A": d}
    assert aliases.names == {}
    with scoped(sarah) as connection:
        assert client_merges.aliases(connection, sarah).ids == {}


def test_every_table_that_refers_to_clients_moves(admin: sa.Engine) -> None:
    """A new table with a reference to clients gets a line in `app_private.client_tables()`."""
    with admin.connect() as superuser:
        referring = superuser.execute(
            sa.text(
                "select distinct conrelid::regclass::text from pg_constraint"
                " where contype = 'f' and confrelid = 'zixly.client_kpis'::regclass"
            )
        ).scalars()
        listed = superuser.execute(
            sa.text(
                "select 'zixly.' || of_table, day_column, once from app_private.client_tables()"
            )
        ).all()
        dated = superuser.execute(
            sa.text(
                "select tgrelid::regclass::text, rtrim(encode(tgargs, 'escape'), '\\000')"
                " from pg_trigger where tgname = 'd_keep_closed_update'"
            )
        ).all()
        once = superuser.execute(
            sa.text("""
                select i.indrelid::regclass::text,
                       array_agg(a.attname::text order by a.attname)
                         filter (where a.attname not in ('tenant_id', 'client_kpi_id'))
                from pg_index as i
                join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
                where i.indisunique and i.indrelid in (
                  select conrelid from pg_constraint
                  where contype = 'f' and confrelid = 'zixly.client_kpis'::regclass)
                group by i.indexrelid, i.indrelid
                having bool_or(a.attname = 'client_kpi_id')
            """)
        ).all()
    tables = {table for table, _, _ in listed}
    assert {*referring} - tables == {"zixly.financial_months"}
    assert {table: day for table, day, _ in listed if day} == {
        table: day for table, day in dated if table in tables
    }
    assert {table: sorted(columns) for table, _, columns in listed if columns} == {
        table: columns for table, columns in once if table in tables
    }
