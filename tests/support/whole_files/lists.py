"""Files without numbers, in which equal lines are as many as they are."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from tests.support.whole_files.documents import CLIENTS
from tests.support.whole_files.parts import FileKind, Part
from zixly_data.imports import Kind

HOURS = "Hours"
_PARTIES = ("Kea", "Harbour", "Tui", "Rent", "Deposit")
_DURATIONS = {"01:30:00": "1.5", "0:15:00": "0.25", "2:00:00": "2"}


@st.composite
def _payments(draw: st.DrawFn) -> list[Part]:
    """Equal payments; an amount on the 32nd is rejected."""
    made = draw(st.lists(
        st.tuples(st.sampled_from(_PARTIES), st.sampled_from([3, 4]), st.sampled_from([5, 6, 32]),
                  st.integers(-3, 3).filter(bool), st.integers(1, 3)),
        min_size=1, max_size=6, unique_by=lambda payment: payment[:4],
    ))  # fmt: skip
    return [
        _listed(
            f"2024-{month:02}-{day:02},{party},{amount},100", times, day, is_out=party == "Deposit",
            place=(party, f"2024-{month:02}", "expenses" if amount < 0 else "revenue"),
            amount=Decimal(abs(amount)),
        )
        for party, month, day, amount, times in made
    ]  # fmt: skip


@st.composite
def _entries(draw: st.DrawFn) -> list[Part]:
    made = draw(st.lists(
        st.tuples(st.sampled_from(["Kea", "Harbour"]), st.sampled_from([3, 4]),
                  st.sampled_from([5, 6, 32]), st.sampled_from([*_DURATIONS]),
                  st.sampled_from(["Yes", "No"]), st.sampled_from(["", "call"]), st.integers(1, 3)),
        min_size=1, max_size=6, unique_by=lambda entry: entry[:6],
    ))  # fmt: skip
    return [
        _listed(
            f"Ann,{client},Site,{billable},2024-{month:02}-{day:02},09:00:00,{duration},{note}",
            times, day, is_out=billable == "No", place=(client, f"2024-{month:02}", HOURS),
            amount=Decimal(_DURATIONS[duration]),
        )
        for client, month, day, duration, billable, note, times in made
    ]  # fmt: skip


def _listed(
    row: str, times: int, day: int, *, is_out: bool, place: tuple[str, ...], amount: Decimal
) -> Part:
    """A line that stands in the file so many times."""
    if is_out:
        return Part(row, (row,) * times, (), left_out=times)
    if day == 32:
        return Part(row, (row,) * times, (), rejected=times)
    return Part(row, (row,) * times, ((place, amount),) * times)


BANK = FileKind(
    Kind.FINANCIALS, "Date,Description,Amount,Balance", _payments(),
    {"clients": CLIENTS, "currency": "AUD", "duplicates": "KEEP"}, adds_to=True,
)  # fmt: skip
TIMESHEET = FileKind(
    Kind.CUSTOM_METRICS, "User,Client,Project,Billable,Start date,Start time,Duration,Description",
    _entries(),
    {"metric": HOURS, "meanings": {"billable": {"yes": "COUNT", "no": "LEAVE_OUT"}},
     "same_day": "ADD"}, adds_to=True,
)  # fmt: skip
