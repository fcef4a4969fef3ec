"""Records that may have been recorded twice: the same amounts for a client in one month.

This month and the three before it are compared, so that an old pair that nobody minds is not found.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis, financials
from zixly_data.figures.month_sums import month_of
from zixly_data.findings.finding import Finding, finding_query
from zixly_data.findings.kind import FindingKind, Group, RecordConditions, since_to_until
from zixly_data.identity import Identity
from zixly_data.records.possible_duplicates import has_amount
from zixly_data.values.dates import add_months

MONTHS = 3


def possible_duplicate(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return the repeated amounts of each client and month, one finding however many records.

    amount: the profit or loss of one of the records, null if it has neither; since, until: the
    month's first and last day. The number of records is not part of the subject: a weekly retainer
    that was dismissed stays dismissed for the month.
    """
    month = month_of(financials.c.record_date)
    amounts = (financials.c.revenue, financials.c.expenses)
    alike = (
        sa.select(
            financials.c.client_kpi_id,
            month.label("month"),
            *amounts,
            sa.func.count().label("records"),
        )
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.record_date >= add_months(today.replace(day=1), -MONTHS),
            has_amount(*amounts),
        )
        .group_by(financials.c.client_kpi_id, month, *amounts)
        .having(sa.func.count() > 1)
        .subquery("alike")
    )
    return (
        finding_query(
            amount=sa.func.nullif(sa.func.abs(alike.c.revenue - alike.c.expenses), 0),
            subject=sa.func.concat(
                sa.func.to_char(alike.c.month, "YYYY-MM"),
                " ", alike.c.revenue, " ", alike.c.expenses,
            ),
            since=alike.c.month,
            until=sa.cast(alike.c.month + sa.text("interval '1 month - 1 day'"), sa.Date),
            records=alike.c.records,
        )
        .select_from(client_kpis.join(alike, alike.c.client_kpi_id == client_kpis.c.id))
        .where(client_kpis.c.tenant_id == identity.tenant_id)
    )  # fmt: skip


def _records_alike(finding: Finding) -> RecordConditions:
    _, revenue, expenses = finding["subject"].split()
    return RecordConditions(
        financials=sa.and_(
            financials.c.record_date.between(finding["since"], finding["until"]),
            financials.c.revenue == Decimal(revenue),
            financials.c.expenses == Decimal(expenses),
        )
    )


KINDS = (
    FindingKind(
        key="POSSIBLE_DUPLICATE",
        group=Group.ATTENTION,
        title="Possible duplicates",
        meaning="A client has several records with the same revenue and expenses in one month, "
        "this month or one of the three before. Either they are separate, or one was recorded "
        "twice.",
        sentences=(
            "{client} has {records} with the same amounts in {month}. If one was recorded twice, "
            "profit changes by {amount} without it.",
            "{client} has {records} with the same amounts in {month}.",
        ),
        icon="content_copy",
        step="Compare the records",
        page="financials.py",
        period=since_to_until,
        statement=possible_duplicate,
        records=_records_alike,
    ),
)
