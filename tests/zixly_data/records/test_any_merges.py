"""Any merges of any clients, undone the latest first, leave the books as they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from tests.support.tenant_rows import COUNTED_ON, Contents, contents_of
from zixly_data.errors import AlreadyExists
from zixly_data.findings import dismissals
from zixly_data.records import date_notes
from zixly_data.records.client_merges import merge, preview, undo
from zixly_data.records.merge_preview import MergePreview
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.values.ids import new_id

CLIENTS = 4
records = st.lists(
    st.tuples(
        st.integers(0, CLIENTS - 1),
        st.sampled_from(("money", "event", "won", "value", "note", "target", "dismissal")),
        st.integers(1, 4),
        st.integers(0, 3),
    ),
    max_size=14,
)
pairs = st.lists(
    st.tuples(st.integers(0, CLIENTS - 1), st.integers(0, CLIENTS - 1)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    min_size=1,
    max_size=4,
)
statuses = st.lists(
    st.sampled_from(("ACTIVE", "COMPLETED", "PROSPECT")), min_size=CLIENTS, max_size=CLIENTS
)


@given(statuses=statuses, records=records, pairs=pairs)
@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_merges_undone_leave_no_trace(
    new_team: Callable[[], Team],
    admin: sa.Engine,
    statuses: list[str],
    records: list[tuple[int, str, int, int]],
    pairs: list[tuple[int, int]],
) -> None:
    team = new_team()
    metric = books.metric(team, "Calls")
    ours = [books.client(team, f"Client {n}", status=status) for n, status in enumerate(statuses)]
    for client, kind, month, amount in records:
        _record(team, ours[client], metric, kind, date(2024, month, 1), amount)
    states: list[tuple[str, Contents]] = []
    merged: set[int] = set()
    for kept, other in pairs:
        if {kept, other} & merged:
            continue
        before = contents_of(admin, team.tenant_id, *COUNTED_ON)
        seen = preview(team.editor, ours[kept], ours[other])
        states.append((merge(team.editor, seen), before))
        _require_as_previewed(seen, before, contents_of(admin, team.tenant_id, *COUNTED_ON))
        merged.add(other)
    for merge_id, before in reversed(states):
        undo(team.editor, merge_id)
        after = contents_of(admin, team.tenant_id, *COUNTED_ON)
        after.pop("client_merges")
        before.pop("client_merges")
        assert after == before


def _record(
    team: Team, client: str, metric: str, kind: str, day: date, amount: int
) -> None:  # fmt: skip
    match kind:
        case "money":
            books.money(team, client, day, str(amount), "1")
        case "event":
            books.event(team, client, f"L-{amount}", "Inquiry", day)
        case "won":
            books.event(team, client, f"L-{amount}", "Contract signed", day)
        case "value":
            books.measure(team, client, "Calls", day, str(amount))
        case "note":
            note = NoteDraft(day, "Something happened", client)
            date_notes.add(team.editor, note, row_id=new_id("note"))
        case "target" | "dismissal":
            try:
                if kind == "target":
                    books.aim(team, metric, day, client, low=str(amount))
                else:
                    dismissals.dismiss(
                        team.editor, "LOSS", client, f"{day:%Y-%m}", "Fine.", row_id=new_id("dis")
                    )
            except AlreadyExists:
                # A client has one of each.
                pass


def _require_as_previewed(seen: MergePreview, before: Contents, after: Contents) -> None:
    """The merge did what its preview said, table by table."""
    for table, count in seen.counts.items():
        moved = sum(
            row["client_kpi_id"] == seen.kept.id
            and before[table][row_id]["client_kpi_id"] == seen.merged.id
            for row_id, row in after[table].items()
        )
        assert moved == count, table
        gone = len(before[table]) - len(after[table])
        assert gone == seen.stay_counts.get(table, 0), table
    status = after["client_kpis"][seen.kept.id]["status"]
    assert status == ("ACTIVE" if seen.makes_client else seen.kept.status)
