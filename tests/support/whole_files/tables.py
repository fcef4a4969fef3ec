"""Files whose rows are more than a record each: a client's months, and deals."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from tests.support.whole_files.documents import CLIENTS
from tests.support.whole_files.parts import FileKind, Part, Place
from zixly_data.imports import ADD, Kind

_MONTHS = {"Jan 2024": "2024-01", "Feb 2024": "2024-02", "Mar 2024": "2024-03"}
_CELLS = st.tuples(*[st.integers(1, 9)] * len(_MONTHS))
_SIDES = {"Revenue": "revenue", "Expenses": "expenses"}
# Stages of the file: ours, and whether the deal is closed.
_STAGES = {
    "Proposal sent": ("Proposal sent", False), "Won it": ("Contract signed", True),
    "Chatting": ("Chatting", False), "Lost": ("Lost", True),
}  # fmt: skip


@st.composite
def _clients(draw: st.DrawFn) -> list[Part]:
    """Two rows for each client, with an amount in each month."""
    names = draw(st.lists(st.sampled_from(["Kea", "Harbour", "Tui"]), min_size=1, unique=True))
    parts = []
    for name in names:
        rows, amounts = [], []
        for type_, side in _SIDES.items():
            cells = draw(_CELLS)
            rows.append(",".join([name, type_, *map(str, cells)]))
            amounts += [
                ((name, month, side), Decimal(cell))
                for month, cell in zip(_MONTHS.values(), cells, strict=True)
            ]
        parts.append(Part(name, tuple(rows), tuple(amounts)))
    return parts


@st.composite
def _deals(draw: st.DrawFn) -> list[Part]:
    """A deal begins at Inquiry when it is created, unless it is still at its first stage."""
    made = draw(st.lists(
        st.tuples(st.sampled_from(["1", "2", "3", "4"]), st.sampled_from(["Kea", "Tui"]),
                  st.sampled_from([*_STAGES]), st.integers(1, 5), st.integers(6, 9),
                  st.integers(1, 3)),
        min_size=1, unique_by=lambda deal: deal[0],
    ))  # fmt: skip
    return [_deal(*deal) for deal in made]


def _deal(number: str, client: str, stage: str, created: int, closed: int, value: int) -> Part:
    ours, is_closed = _STAGES[stage]
    lead = f"Site {number}"
    row = f"{number},{lead},{stage},2024-03-{created:02},2024-03-{closed:02},{value},{client}"
    day = closed if is_closed else created
    amounts: list[tuple[Place, Decimal]] = [
        ((client, lead, ours, f"2024-03-{day:02}"), Decimal(value))
    ]
    if is_closed:
        amounts.append(((client, lead, "Inquiry", f"2024-03-{created:02}"), Decimal(1)))
    return Part(number, (row,), tuple(amounts))


MONTHS = FileKind(
    Kind.FINANCIALS, ",".join(["Client", "Type", *_MONTHS]), _clients(),
    {"clients": CLIENTS, "same_day": "CORRECT", "duplicates": "KEEP",
     "meanings": {"type": {"revenue": "REVENUE", "expenses": "EXPENSE"}}},
)  # fmt: skip
DEALS = FileKind(
    Kind.LEAD_EVENTS,
    "Deal ID,Deal Name,Deal Stage,Create Date,Close Date,Amount,Company",
    _deals(),
    {"clients": {"Tui": ADD}, "stages": {"won it": "Contract signed", "chatting": "NEW:OPEN"}},
)  # fmt: skip
