"""Lists of documents with several lines: invoices, credit notes, bills and refunds, some of them
void, with tax in a column or in the amounts, of clients in two currencies and of nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

from tests.support.whole_files.parts import FileKind, Part
from zixly_data.imports import ADD, Kind
from zixly_data.imports.cells.mapping import LEAVE_OUT, OVERHEAD

# The currency of each, as exporters write it. Rent is of no client, Deposit counts nowhere.
PARTIES = {
    "Kea": "Australian Dollar - AUD", "Harbour": "A$", "Tui": "NZD", "Rent": "NZD",
    "Deposit": "AUD",
}  # fmt: skip
CLIENTS = {"Tui": ADD, "Rent": OVERHEAD, "Deposit": LEAVE_OUT}
_TYPES = {"Invoice": "REVENUE", "Credit note": "CREDIT", "Bill": "EXPENSE", "Refund": "REFUND"}
_STATUSES = {"Paid": "COUNT", "Awaiting payment": "COUNT", "Voided": "LEAVE_OUT"}
ANSWERS = {
    "clients": CLIENTS, "currency": "AUD", "same_day": "CORRECT", "reused_numbers": "SAME",
    "duplicates": "KEEP",
    "meanings": {
        "type": {name.casefold(): meaning for name, meaning in _TYPES.items()},
        "status": {name.casefold(): meaning for name, meaning in _STATUSES.items()},
    },
}  # fmt: skip
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Document:
    """A document, with the cents without tax and the tax of each line. `day` is that of its first
    lines, some are of the next; 0 is one that does not exist."""

    party: str
    number: str
    type: str
    status: str
    month: int
    day: int
    lines: tuple[tuple[int, int, str], ...]

    @property
    def is_out(self) -> bool:
        return _TYPES[self.type] in ("EXPENSE", "REFUND")

    @property
    def key(self) -> tuple[str, str, bool]:
        return self.party, self.number, self.is_out

    def date(self, note: str) -> str:
        """Return the date of a line."""
        return f"2024-{self.month:02}-{self.day + (note == 'b' and self.day > 0):02}"

    def part(self, rows: list[str], nets: list[Decimal]) -> Part:
        """Return its rows as a part; `nets` are the lines that count, if it does."""
        if self.party == "Deposit" or self.status == "Voided":
            return Part(self.key, tuple(rows), (), left_out=len(rows))
        if not self.day:
            return Part(self.key, tuple(rows), (), rejected=len(rows))
        reduces = _TYPES[self.type] in ("CREDIT", "REFUND")
        place = self.party, f"2024-{self.month:02}", "expenses" if self.is_out else "revenue"
        return Part(self.key, tuple(rows), tuple((place, -net if reduces else net) for net in nets))


_LINES = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 3), st.sampled_from(["", "a", "b"])),
    min_size=1, max_size=4,
).map(tuple)  # fmt: skip


@st.composite
def _documents(draw: st.DrawFn) -> list[Document]:
    made = st.builds(
        Document,
        st.sampled_from([*PARTIES]),
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from([*_TYPES]),
        st.sampled_from([*_STATUSES]),
        st.sampled_from([3, 4]),
        st.sampled_from([0, 5, 5, 6, 6]),
        _LINES,
    )
    return draw(st.lists(made, min_size=1, max_size=6, unique_by=lambda document: document.key))


def _of_lines(document: Document) -> Part:
    """Amounts with tax and the tax of each line. A line may take off a cent."""
    rows, nets = [], []
    for place, (net, tax, note) in enumerate(document.lines):
        is_discount = place > 0 and net == 1
        signed = -net if is_discount else net
        rows.append(
            f"{document.party},{document.number},{document.date(note)},"
            f"{signed + (-tax if is_discount else tax)},{-tax if is_discount else tax},"
            f"{document.type},{document.status},{PARTIES[document.party]},{note}"
        )
        # A credit note reduces, whatever the signs of its lines in the file.
        is_credit = document.type in ("Credit note", "Refund")
        nets.append(Decimal(net if is_credit else signed))
    return document.part(rows, nets)


def _of_totals(document: Document) -> Part:
    """The total and its tax on each line."""
    net = sum(line[0] for line in document.lines)
    tax = sum(line[1] for line in document.lines)
    rows = [
        f"{document.party},{document.number},{document.date(note)},{net + tax},{tax},"
        f"{document.type},{document.status},{PARTIES[document.party]},{note}"
        for _, _, note in document.lines
    ]
    part = document.part(rows, [Decimal(net)])
    if part.left_out:
        return part
    return replace(part, rejected=min(part.rejected, 1), repeated=len(rows) - 1)


def _at_rate(document: Document) -> Part:
    """Amounts that include 10% of tax, which is rounded once for the document."""
    rows = [
        f"{document.party},{document.number},{document.date(note)},{gross}.{cents}7,"
        f"{document.type},{document.status},{PARTIES[document.party]},{note}"
        for gross, cents, note in document.lines
    ]
    gross = sum((Decimal(f"{gross}.{cents}7") for gross, cents, _ in document.lines), Decimal(0))
    return document.part(rows, [(gross / Decimal("1.1")).quantize(_CENT, ROUND_HALF_UP)])


_AFTER = "Type,Status,Currency,Description"
LINES = FileKind(
    Kind.FINANCIALS, f"Contact,Invoice Number,Invoice Date,Line Amount,Line Tax,{_AFTER}",
    _documents().map(lambda made: [_of_lines(document) for document in made]),
    {**ANSWERS, "tax": "COLUMN", "negative": "CREDIT"},
)  # fmt: skip
TOTALS = FileKind(
    Kind.FINANCIALS, f"Contact,Invoice Number,Invoice Date,Invoice Total,Tax Total,{_AFTER}",
    _documents().map(lambda made: [_of_totals(document) for document in made]),
    {**ANSWERS, "tax": "COLUMN"},
)  # fmt: skip
AT_RATE = FileKind(
    Kind.FINANCIALS, f"Contact,Invoice Number,Invoice Date,Line Amount,{_AFTER}",
    _documents().map(lambda made: [_at_rate(document) for document in made]),
    {**ANSWERS, "tax": "10"},
)  # fmt: skip
