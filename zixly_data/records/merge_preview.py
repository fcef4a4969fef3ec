"""What merging a client into another one does, as PostgreSQL counts it, and in plain words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zixly_data.errors import InvalidInput, MonthClosed
from zixly_data.records.clients import Client
from zixly_data.tables.clients import CLIENTS
from zixly_data.values.dates import month_name
from zixly_data.values.names import listed

# The nouns of rows that a client has, by table.
NOUNS = {
    "financials": ("financial record", "financial records"),
    "lead_events": ("lead event", "lead events"),
    "custom_metrics": ("metric value", "metric values"),
    "date_notes": ("note on a date", "notes on dates"),
    "metric_targets": ("target", "targets"),
    "finding_dismissals": ("dismissed finding", "dismissed findings"),
}
_MOST_LEADS = 5


@dataclass(frozen=True)
class MergePreview:
    """What merging `merged` into `kept` does, as counted at one moment.

    `counts` are the numbers of rows that move, by table; `stay_counts` those that do not, as the
    kept client has its own. `revenue` and `expenses` are sums of the records that move, in the
    currency of both. `shared_leads` are names of leads that both have; `shared_values` and
    `shared_amounts` count values of a metric and day, and records with the amounts of a month, that
    the kept client has too. `makes_client`: the kept client is a prospect and becomes a client.
    """

    kept: Client
    merged: Client
    counts: Mapping[str, int]
    stay_counts: Mapping[str, int]
    revenue: Decimal
    expenses: Decimal
    makes_client: bool
    shared_leads: tuple[str, ...]
    shared_values: int
    shared_amounts: int
    contents: str = field(repr=False)

    @property
    def sentences(self) -> list[str]:
        """What will happen, one sentence each."""
        sentences = [self._moves(), *self._lost()]
        if self.makes_client:
            sentences.append(f"{self.kept.client_name} is a prospect and becomes an active client.")
        if any(self.stay_counts.values()):
            sentences.append(
                f"Both have their own of {count_rows(self.stay_counts)}: those of "
                f"{self.kept.client_name} apply."
            )
        return [*sentences, *self._shared()]

    def _moves(self) -> str:
        gone = f"{self.merged.client_name} is no longer listed."
        rows = sum(self.counts.values())
        if not rows:
            return f"{label(self.merged)} has no records to move. {gone}"
        amounts = ""
        if self.counts["financials"]:
            currency = self.merged.currency
            amounts = (
                f", with {currency} {self.revenue:,.2f} revenue and {currency} "
                f"{self.expenses:,.2f} expenses"
            )
        move = "moves" if rows == 1 else "move"
        return (
            f"{count_rows(self.counts)} of {label(self.merged)} {move} to {label(self.kept)}"
            f"{amounts}. {gone}"
        )

    def _lost(self) -> list[str]:
        """Return what of the merged client is no longer seen. Its external id always is not."""
        values = [f"external ID “{self.merged.client_id}”"]
        values += [
            f"{_FIELDS[name].noun} “{getattr(self.merged, name)}”"
            for name in ("client_name", "industry", "note")
            if getattr(self.merged, name) not in (None, getattr(self.kept, name))
        ]
        if self.merged.status != self.kept.status:
            values.append(f"status “{self.merged.status.lower()}”")
        are = "is" if len(values) == 1 else "are"
        return [
            f"{self.kept.client_name} stays as it is. The {listed(values)} of the other client "
            f"{are} lost until you undo the merge.",
            f"Files that name “{self.merged.client_id}” or “{self.merged.client_name}” are about "
            f"{label(self.kept)} from now on.",
        ]

    def _shared(self) -> list[str]:
        sentences = []
        if self.shared_leads:
            more = len(self.shared_leads) - _MOST_LEADS
            names = [f"“{name}”" for name in self.shared_leads[:_MOST_LEADS]]
            names += [f"{more:,} more"] if more > 0 else []
            is_one = len(self.shared_leads) == 1
            sentences.append(
                f"Both have {'a lead' if is_one else 'leads'} called {listed(names)}: "
                f"{'it becomes' if is_one else 'each becomes'} one lead with the events of both."
            )
        if self.shared_values:
            values = "1 metric value is" if self.shared_values == 1 else (
                f"{self.shared_values:,} metric values are"
            )  # fmt: skip
            sentences.append(
                f"{values} for a metric and day that {self.kept.client_name} has a value for too."
            )
        if self.shared_amounts:
            records = "1 financial record has" if self.shared_amounts == 1 else (
                f"{self.shared_amounts:,} financial records have"
            )  # fmt: skip
            sentences.append(
                f"{records} the same amounts as one of {self.kept.client_name} in the same month, "
                "and may have been recorded twice."
            )
        return sentences


_FIELDS = CLIENTS.entered


def label(client: Client) -> str:
    """Return `Harbour Cafe (HC-01)`."""
    return f"{client.client_name} ({client.client_id})"


def count_rows(counts: Mapping[str, int]) -> str:
    """Return the numbers of rows by table in words: `12 financial records and 1 lead event`."""
    return listed(
        [
            f"{counts[table]:,} {nouns[counts[table] != 1]}"
            for table, nouns in NOUNS.items()
            if counts.get(table)
        ]
    )


def as_preview(contents: Mapping[str, Any]) -> MergePreview:
    """Return the preview of what PostgreSQL counted.

    Raises InvalidInput (the same client, or another currency), MonthClosed (naming all months).
    """
    kept, merged = _client(contents["kept"]), _client(contents["merged"])
    if kept.id == merged.id:
        raise InvalidInput(
            "A client cannot be merged into itself.", field="merged",
            advice="Choose another client.",
        )  # fmt: skip
    if kept.currency != merged.currency:
        raise InvalidInput(
            f"{label(merged)} is paid in {merged.currency} and {label(kept)} in {kept.currency}. "
            "Only clients paid in one currency can be merged.",
            field="merged",
            advice="Choose another client, or correct the currency of one of them.",
        )
    if contents["closed"]:
        raise closed_months(
            contents["closed"], f"Records of {merged.client_name} that are dated there would move."
        )
    return MergePreview(
        kept=kept,
        merged=merged,
        counts=contents["counts"],
        stay_counts=contents["stay_counts"],
        revenue=Decimal(contents["revenue"]),
        expenses=Decimal(contents["expenses"]),
        makes_client=contents["makes_client"],
        shared_leads=tuple(contents["shared_leads"]),
        shared_values=contents["shared_values"],
        shared_amounts=contents["shared_amounts"],
        contents=json.dumps(contents),
    )


def closed_months(months: Sequence[str], consequence: str) -> MonthClosed:
    """Return the error that names these closed months, as ISO dates; `consequence` follows it."""
    days = [date.fromisoformat(month) for month in months]
    are, those = ("is", "it") if len(days) == 1 else ("are", "them")
    return MonthClosed(
        f"{listed([month_name(day) for day in days])} {are} closed. {consequence}",
        month=days[0],
        advice=f"Ask an administrator to reopen {those} on the Close months page.",
    )


def _client(row: Mapping[str, Any]) -> Client:
    return Client(**{name: row[name] for name in CLIENTS.record})
