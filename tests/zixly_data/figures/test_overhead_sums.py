"""What PostgreSQL keeps of overheads by month is what they add up to, whatever happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.database.connection import scoped
from zixly_data.identity import Identity
from zixly_data.records import overheads
from zixly_data.tables.overheads import OverheadDraft
from zixly_data.values import ids

Sums = dict[tuple[date, str, str], tuple[Decimal, Decimal, int]]

days = st.dates(date(2023, 11, 20), date(2024, 3, 10))
cents = st.integers(-50_000, 500_000).map(lambda n: Decimal(n).scaleb(-2))
drafts = st.builds(
    OverheadDraft, days, st.sampled_from(["AUD", "NZD"]), cents, cents,
    st.sampled_from(["OVERHEAD", "UNASSIGNED"]),
)  # fmt: skip
steps = st.lists(
    st.tuples(
        st.sampled_from(("add", "add", "change", "delete", "assign")), st.integers(0, 30), drafts
    ),
    max_size=12,
)


def kept(identity: Identity) -> Sums:
    with scoped(identity) as connection:
        rows = connection.execute(sa.text("select * from overhead_months where records > 0")).all()
    return {(r.month, r.currency, r.kind): (r.revenue, r.expenses, r.records) for r in rows}


def recomputed(identity: Identity) -> Sums:
    """The same from the raw rows, in Python."""
    sums: Sums = defaultdict(lambda: (Decimal(0), Decimal(0), 0))
    with scoped(identity) as connection:
        for row in connection.execute(sa.text("select * from overheads")):
            key = (row.record_date.replace(day=1), row.currency, row.kind)
            revenue, expenses, records = sums[key]
            sums[key] = (revenue + row.revenue, expenses + row.expenses, records + 1)
    return dict(sums)


def do(team: Team, client: str, made: list[str], step: tuple[str, int, OverheadDraft]) -> None:
    what, place, draft = step
    if what == "add" or not made:
        made.append(ids.new_id("ovh"))
        overheads.add(team.editor, draft, row_id=made[-1])
        return
    record = overheads.get(team.editor, made[place % len(made)])
    if what == "change":
        overheads.change(team.editor, record.id, record.version, draft)
        return
    if what == "delete":
        overheads.delete(team.editor, record.id, record.version)
    elif record.currency == "AUD":
        overheads.assign(team.editor, record.id, record.version, client, row_id=ids.new_id("fin"))
    else:
        return
    made.remove(record.id)


@settings(
    max_examples=examples(25), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(steps=steps)
def test_any_sequence_of_changes(
    new_team: Callable[[], Team], steps: list[tuple[str, int, OverheadDraft]]
) -> None:
    team = new_team()
    client, made = books.client(team), list[str]()
    for step in steps:
        do(team, client, made, step)
    assert kept(team.editor) == recomputed(team.editor)


def test_many_who_write_one_month_at_once(new_team: Callable[[], Team]) -> None:
    team = new_team()

    def write(number: int) -> None:
        for turn in range(10):
            currency = ("AUD", "NZD")[(number + turn) % 2]
            record = books.overhead(team, "2024-03-05", f"{number}.{turn:02}", currency=currency)
            if turn % 3 == 0:
                moved = OverheadDraft(date(2024, 4, 1), "AUD", Decimal(turn), Decimal(number))
                overheads.change(team.editor, record, 1, moved)
            if turn % 4 == 0:
                overheads.delete(team.editor, record, overheads.get(team.editor, record).version)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    sums_kept = kept(team.viewer)
    assert sums_kept == recomputed(team.viewer)
    assert sum(records for _, _, records in sums_kept.values()) == 6 * 7


def test_what_was_rolled_back_counts_nowhere(new_team: Callable[[], Team]) -> None:
    team = new_team()
    books.overhead(team, "2024-03-05", "10")
    before = kept(team.editor)
    try:
        with scoped(team.editor) as connection:
            connection.execute(sa.text("delete from overheads"))
            raise RuntimeError
    except RuntimeError:
        pass
    assert kept(team.editor) == before == recomputed(team.editor)


def test_an_organisation_goes_with_its_sums(new_team: Callable[[], Team], admin: sa.Engine) -> None:
    gone, stays = new_team(), new_team()
    for team in (gone, stays):
        books.overhead(team, "2024-03-05", "10")
    with admin.begin() as superuser:
        superuser.execute(sa.text("delete from zixly.tenants where id = :t"), {"t": gone.tenant_id})
        left = superuser.execute(
            sa.text(
                "select count(*) from zixly.overhead_months where tenant_id = :t"
                " union all select count(*) from zixly.overheads where tenant_id = :t"
            ),
            {"t": gone.tenant_id},
        ).scalars()
        assert list(left) == [0, 0]
    assert kept(stays.viewer) == recomputed(stays.viewer) != {}
