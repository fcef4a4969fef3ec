"""The definition of a kind of finding: its texts, its statement, its page and its records.

`definitions` lists the kinds. Everything else follows from the definition: lists and their order,
ranking, sentence, link, records, dismissals and the audit trail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import financials, lead_events
from zixly_data.findings.finding import Finding
from zixly_data.identity import Identity
from zixly_data.values.period import ALL, Period, between

Condition = sa.ColumnElement[bool]
# Of the identity, today and the reporting currency: a `finding.finding_query`.
Statement = Callable[[Identity, date, str], sa.Select[Any]]

_NO_RECORDS: Condition = sa.false()


class Group(Enum):
    """Groups of kinds: records that disagree with each other, and all other findings."""

    CONTRADICTION = "contradiction"
    ATTENTION = "attention"


@dataclass(frozen=True)
class RecordConditions:
    """Conditions for the records behind a finding, per table; no records of a table by default."""

    financials: Condition = _NO_RECORDS
    lead_events: Condition = _NO_RECORDS
    metric_values: Condition = _NO_RECORDS

    @classmethod
    def of_days(cls, finding: Finding) -> RecordConditions:
        """Return the financial records from `since` to `until`."""
        return cls(financials=financials.c.record_date.between(finding["since"], finding["until"]))

    @classmethod
    def of_lead(cls, finding: Finding) -> RecordConditions:
        """Return the events of the lead that the finding is about."""
        return cls(lead_events=lead_events.c.lead_id == finding["about"])


@dataclass(frozen=True)
class FindingKind:
    """A kind of finding.

    `sentences` are templates of the sentence about one finding. The first whose slots all have a
    value is used, so a shorter one for findings without an amount comes last. The slots:

        {client} {client_id} {about}    texts of the finding
        {amount} {against}              amounts in its currency
        {share}                         its amount as a part of the amount it is compared with
        {since} {until} {month}         days, and the month of `since`
        {days}                          the days from `since` to today: `52 days`
        {limit}                         the days from `since` to `until`: `30 days`
        {records} {values}              its records as a count: `2 records`, `12 values`
        {converted_into}                the currency, if its amounts were converted

    The page with its records is opened for the period, or as it is if there is none.
    """

    key: str
    group: Group
    title: str
    meaning: str
    sentences: tuple[str, ...]
    # A name of Google's Material Symbols.
    icon: str
    # The label of the link to the records in the list of what to do.
    step: str
    page: str
    period: Callable[[Finding], Period | None]
    statement: Statement
    records: Callable[[Finding], RecordConditions]

    def query(self, identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
        """Return the statement of all findings of this kind, with the column `kind`."""
        statement = self.statement(identity, today, target_currency)
        kind = sa.cast(sa.literal_column(f"'{self.key}'"), sa.Text).label("kind")
        return statement.with_only_columns(kind, *statement.selected_columns)


def since_to_until(finding: Finding) -> Period:
    """Return the days from `since` to `until`."""
    return between(finding["since"], finding["until"])


def all_time(finding: Finding) -> Period:
    """Return the period without limits."""
    return ALL
