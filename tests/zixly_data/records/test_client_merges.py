"""Two clients that are one: the preview, the merge, and undoing it to the last byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.merges import furnished, merged_into
from tests.support.tenant_rows import COUNTED_ON, contents_of
from zixly_data.database.connection import scoped
from zixly_data.errors import (
    AccessDenied,
    AlreadyExists,
    Conflict,
    InvalidInput,
    MonthClosed,
    NotFound,
)
from zixly_data.identity import Identity
from zixly_data.records import client_merges, clients, closed_months, financials
from zixly_data.records.client_merges import merge, preview, undo
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.values.frames import rows

NewTeam = Callable[[], Team]


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


def _merge_unchecked(team: Team, parameters: dict[str, str]) -> None:
    """Merge as a person does who sends SQL of their own."""
    contents = sa.text("select app.merge_contents(:kept, :merged)::text")
    with scoped(team.editor) as connection:
        seen = connection.execute(contents, parameters).scalar_one()
        connection.execute(client_merges._MERGE, {**parameters, "seen": seen})


# ── the preview ─────────────────────────────────────────────────────────────────────────────


def test_the_preview_says_what_moves_what_is_lost_and_what_both_have(
    team: Team, admin: sa.Engine
) -> None:
    seen = preview(team.editor, *furnished(team, admin))
    assert seen.sentences == [
        "3 financial records, 2 lead events, 1 metric value, 1 note on a date, 1 target and 1 "
        "dismissed finding of Harbour Cafe (HC-01) move to Harbour Cafe Pty Ltd (XR-7), with AUD "
        "268.65 revenue and AUD 40.00 expenses. Harbour Cafe is no longer listed.",
        "Harbour Cafe Pty Ltd stays as it is. The external ID “HC-01”, name “Harbour Cafe”, "
        "industry “Food”, note “Pays.” and status “completed” of the other client are lost until "
        "you undo the merge.",
        "Files that name “HC-01” or “Harbour Cafe” are about Harbour Cafe Pty Ltd (XR-7) from now "
        "on.",
        "Both have their own of 1 target and 1 dismissed finding: those of Harbour Cafe Pty Ltd "
        "apply.",
        "Both have a lead called “L-1”: it becomes one lead with the events of both.",
        "1 metric value is for a metric and day that Harbour Cafe Pty Ltd has a value for too.",
        "1 financial record has the same amounts as one of Harbour Cafe Pty Ltd in the same month, "
        "and may have been recorded twice.",
    ]


def test_a_client_without_records_is_merged_too(team: Team) -> None:
    kept, merged = (books.client(team, "Kea", client_id=f"K-{number}") for number in (1, 2))
    seen = preview(team.editor, kept, merged)
    assert seen.sentences == [
        "Kea (K-2) has no records to move. Kea is no longer listed.",
        "Kea stays as it is. The external ID “K-2” of the other client is lost until you undo the "
        "merge.",
        "Files that name “K-2” or “Kea” are about Kea (K-1) from now on.",
    ]
    undo(team.editor, merge(team.editor, seen))
    assert clients.get(team.viewer, merged).client_id == "K-2"


def test_merging_does_what_the_preview_says(team: Team, admin: sa.Engine) -> None:
    kept, merged = furnished(team, admin)
    seen = preview(team.editor, kept, merged)
    before, kept_before = contents_of(admin, team.tenant_id), clients.get(team.viewer, kept)
    merge_id = merge(team.editor, seen)
    after = contents_of(admin, team.tenant_id)
    with pytest.raises(NotFound):
        clients.get(team.viewer, merged)
    assert clients.get(team.viewer, kept) == kept_before
    for table, count in seen.counts.items():
        moved = [
            row_id for row_id, row in after[table].items()
            if row["client_kpi_id"] == kept and before[table][row_id]["client_kpi_id"] == merged
        ]  # fmt: skip
        assert len(moved) == count, table
        gone = before[table].keys() - after[table].keys()
        assert len(gone) == seen.stay_counts.get(table, 0), table
    sums = {row["month"]: row["revenue"] for row in after["financial_months"].values()}
    assert sums == {"2024-03-01": 350.55, "2024-04-01": 14.0, "2024-05-01": 11.1}
    assert rows(client_merges.list_merges(team.editor))[0]["id"] == merge_id


# ── undoing ─────────────────────────────────────────────────────────────────────────────────


def test_undoing_puts_every_row_of_every_table_back(team: Team, admin: sa.Engine) -> None:
    kept, merged = furnished(team, admin)
    before = contents_of(admin, team.tenant_id, *COUNTED_ON)
    exactly = contents_of(admin, team.tenant_id)
    undo(team.admin, merged_into(team, kept, merged))
    after = contents_of(admin, team.tenant_id, *COUNTED_ON)
    (merge_row,) = after.pop("client_merges").values()
    assert merge_row["undone_by_name"] == team.admin.full_name
    before.pop("client_merges")
    assert after == before
    # The client itself, and what went with it, are as old and as often changed as they were.
    now = contents_of(admin, team.tenant_id)
    assert now["client_kpis"] == exactly["client_kpis"]
    gone = [row for row in exactly["metric_targets"].values() if row["from_month"] == "2024-01-01"]
    assert len(gone) == 2
    assert all(now["metric_targets"][row["id"]] == row for row in gone)


def test_what_was_recorded_since_stays_with_the_kept_client(team: Team, admin: sa.Engine) -> None:
    kept, merged = furnished(team, admin)
    merge_id = merged_into(team, kept, merged)
    later = books.money(team, kept, "2024-06-01", "5")
    undo(team.editor, merge_id)
    assert financials.get(team.viewer, later).client_kpi_id == kept


def test_nothing_is_undone_once_a_record_that_moved_has_changed(
    team: Team, admin: sa.Engine
) -> None:
    kept, merged = furnished(team, admin)
    record = books.money(team, merged, "2024-07-01", "80", "1")
    merge_id = merged_into(team, kept, merged)
    version = financials.get(team.viewer, record).version
    draft = FinancialDraft(kept, date(2024, 7, 1), Decimal(81), Decimal(1))
    financials.change(team.editor, record, version, draft)
    state = contents_of(admin, team.tenant_id)
    with pytest.raises(Conflict, match=r"^1 financial record of this merge has been changed or"):
        undo(team.editor, merge_id)
    assert contents_of(admin, team.tenant_id) == state
    # Changed back, it is as it was; deleted, it is not.
    financials.change(team.editor, record, version + 1, replace(draft, revenue=Decimal(80)))
    undo(team.editor, merge_id)
    merge_id = merged_into(team, kept, merged)
    financials.delete(team.editor, record, financials.get(team.viewer, record).version)
    with pytest.raises(Conflict, match="changed or deleted since"):
        undo(team.editor, merge_id)


def test_a_merge_is_undone_once(team: Team, admin: sa.Engine) -> None:
    merge_id = merged_into(team, *furnished(team, admin))
    undo(team.editor, merge_id)
    with pytest.raises(AlreadyExists, match="already been undone"):
        undo(team.editor, merge_id)
    with pytest.raises(NotFound, match="no longer exists"):
        undo(team.editor, "mrg_nothing")


def test_nothing_is_undone_for_another_currency_or_a_taken_external_id(team: Team) -> None:
    kept, merged = books.client(team, "Kea"), books.client(team, "Kea Ltd", client_id="K-9")
    merge_id = merged_into(team, kept, merged)
    seen = clients.get(team.editor, kept)
    draft = ClientDraft(seen.client_id, "Kea", currency="NZD")
    clients.change(team.editor, kept, seen.version, draft)
    with pytest.raises(Conflict, match="is paid in NZD now"):
        undo(team.editor, merge_id)
    clients.change(team.editor, kept, seen.version + 1, replace(draft, currency="AUD"))
    books.client(team, "Weka", client_id="K-9")
    with pytest.raises(AlreadyExists, match=r"^Weka has the external ID"):
        undo(team.editor, merge_id)


def test_a_merged_client_s_client_is_undone_in_turn(team: Team) -> None:
    a, b, c = (books.client(team, name, client_id=name) for name in "ABC")
    record = books.money(team, a, "2024-01-01", "1")
    first, second = merged_into(team, b, a), merged_into(team, c, b)
    with pytest.raises(NotFound, match="itself merged into C") as refused:
        undo(team.editor, first)
    assert refused.value.advice == "Undo that merge first."
    undo(team.editor, second)
    assert financials.get(team.viewer, record).client_kpi_id == b
    undo(team.editor, first)
    assert financials.get(team.viewer, record).client_kpi_id == a
    third = merged_into(team, b, a)
    clients.delete(team.editor, b, clients.get(team.editor, b).version, "B")
    with pytest.raises(NotFound, match="was deleted with them"):
        undo(team.editor, third)


# ── refusals ────────────────────────────────────────────────────────────────────────────────


def test_other_currencies_and_the_client_itself_are_refused(team: Team, admin: sa.Engine) -> None:
    kept = books.client(team, "Kea", client_id="K-1")
    other = books.client(team, "Kea", client_id="K-2", currency="NZD")
    with pytest.raises(InvalidInput, match=r"^Kea \(K-2\) is paid in NZD and Kea \(K-1\) in AUD"):
        preview(team.editor, kept, other)
    with pytest.raises(InvalidInput, match="into itself"):
        preview(team.editor, kept, kept)
    for merged in (kept, other):
        parameters = {"kept": kept, "merged": merged}
        with pytest.raises(InvalidInput, match="cannot be merged"):
            _merge_unchecked(team, parameters)
    assert len(contents_of(admin, team.tenant_id)["client_kpis"]) == 2


def test_closed_months_are_all_named(team: Team, admin: sa.Engine) -> None:
    kept, merged = furnished(team, admin)
    open_months = preview(team.editor, kept, merged)
    merge_id = merge(team.editor, open_months)
    for month in (2, 3):
        closed_months.close(team.admin, date(2024, month, 1))
    with pytest.raises(MonthClosed, match=r"^February 2024 and March 2024 are closed") as refused:
        undo(team.editor, merge_id)
    assert refused.value.advice.startswith("Ask an administrator to reopen them")
    closed_months.reopen(team.admin, date(2024, 3, 1))
    with pytest.raises(MonthClosed, match=r"^February 2024 is closed"):
        undo(team.editor, merge_id)
    closed_months.reopen(team.admin, date(2024, 2, 1))
    undo(team.editor, merge_id)
    seen = preview(team.editor, kept, merged)
    closed_months.close(team.admin, date(2024, 2, 1))
    with pytest.raises(MonthClosed, match=r"^February 2024 is closed\. Records of Harbour Cafe"):
        preview(team.editor, kept, merged)
    with pytest.raises(MonthClosed, match=r"^February 2024 is closed"):
        merge(team.editor, seen)


def test_a_preview_that_is_out_of_date_merges_nothing(team: Team, admin: sa.Engine) -> None:
    kept, merged = furnished(team, admin)
    seen = preview(team.editor, kept, merged)
    books.money(team, merged, "2024-08-01", "1")
    with pytest.raises(Conflict, match="nothing was merged") as refused:
        merge(team.editor, seen)
    assert refused.value.current == preview(team.editor, kept, merged)
    assert clients.get(team.viewer, merged).id == merged


def test_a_viewer_and_other_organisations_merge_nothing(
    team: Team, admin: sa.Engine, sarah: Identity
) -> None:
    kept, merged = furnished(team, admin)
    seen = preview(team.editor, kept, merged)
    for act in (
        lambda who: preview(who, kept, merged), lambda who: merge(who, seen),
        lambda who: undo(who, "mrg_x"), lambda who: client_merges.list_merges(who),
    ):  # fmt: skip
        with pytest.raises(AccessDenied):
            act(team.viewer)  # type: ignore[no-untyped-call]
    with pytest.raises(NotFound):
        preview(sarah, kept, merged)
    with pytest.raises(NotFound):
        merge(sarah, seen)
    merge_id = merge(team.editor, seen)
    with pytest.raises(NotFound):
        undo(sarah, merge_id)
    assert client_merges.list_merges(sarah).empty
    assert len(client_merges.list_merges(team.admin)) == 1
