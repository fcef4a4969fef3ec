"""Sums of several periods for comparison, per group and currency.

now          the period of the report
so_far       its part up to today; left out if that is the whole period
before       the previous like period, which that part is compared with
year_before  the same days a year before
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from zixly_data.figures.delivery.billable_hours import hours as billable_hours
from zixly_data.figures.ledger import ledger_of
from zixly_data.figures.month_sums import month_sums
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period

SPAN_NAMES = ("now", "so_far", "before", "year_before")

# The period to sum, and the number of months to move its rows forward.
Span = tuple[Period, int]
Spans = dict[str, Span]
# From a ledger with the column `moved`, the months to move a row forward: the key and the name of
# its group, and the external id if the group is a client.
Key = Callable[[sa.Subquery], tuple[Any, Any, Any]]

NULL_TEXT = sa.cast(sa.null(), sa.Text)


def spans_of(period: Period, so_far: Period, before: Span, year_before: Span) -> Spans:
    """Return the spans by name."""
    spans: Spans = {"now": (period, 0), "before": before, "year_before": year_before}
    return spans if so_far == period else {**spans, "so_far": (so_far, 0)}


def sums_of(
    identity: Identity,
    spans: Spans,
    client_filter: ClientFilter | None,
    target_currency: str | None,
    key: Key | None = None,
    *,
    totals: bool = False,
) -> sa.Subquery:
    """Return one row per group and currency, per currency without a key, or both with `totals`.

    Columns: key, name and client_id (null for the total of a currency), currency, clients (of now),
    revenue_… and expenses_… for each of `SPAN_NAMES`, hours, and worked_revenue, the revenue of
    months with hours. A sum is null if its span has no rows or one of them could not be converted.
    """
    rows = _rows(identity, spans, client_filter, target_currency, key)
    group_columns = [rows.c.key, rows.c.name, rows.c.client_id, rows.c.currency]
    grouping_sets = [sa.tuple_(*group_columns), sa.tuple_(rows.c.currency)]
    is_now = rows.c.span == "now"
    has_hours = is_now & (rows.c.hours > 0)
    return (
        sa.select(
            *group_columns,
            sa.func.count(rows.c.client_kpi_id.distinct()).filter(is_now).label("clients"),
            *(
                _sum(rows, column, span if span in spans else "now").label(f"{column}_{span}")
                for span in SPAN_NAMES
                for column in ("revenue", "expenses")
            ),
            sa.func.sum(rows.c.hours).filter(has_hours).label("hours"),
            sa.func.sum(rows.c.revenue).filter(has_hours).label("worked_revenue"),
        )
        .group_by(*([sa.func.grouping_sets(*grouping_sets)] if totals else group_columns))
        .subquery("sums")
    )


def _rows(
    identity: Identity,
    spans: Spans,
    client_filter: ClientFilter | None,
    target_currency: str | None,
    key: Key | None,
) -> sa.Subquery:
    """Return the ledgers of all spans in one subquery, with the hours of the period itself."""
    span_queries = []
    for span, (period, moved) in spans.items():
        sums = month_sums(identity, period, f"sums_{span}")
        span_queries.append(
            sa.select(
                sa.literal_column(f"'{span}'").label("span"),
                sa.literal_column(str(moved), sa.Integer).label("moved"),
                *sums.c,
            )
        )
    rows = ledger_of(
        identity, sa.union_all(*span_queries).subquery("spans"), client_filter, target_currency
    )
    period, _ = spans["now"]
    worked = billable_hours(identity, period, "worked")
    is_same_month = (worked.c.client_kpi_id == rows.c.client_kpi_id) & (
        worked.c.month == rows.c.month
    )
    group, name, client_id = key(rows) if key else (NULL_TEXT, NULL_TEXT, NULL_TEXT)
    return (
        sa.select(
            rows.c.span,
            group.label("key"),
            name.label("name"),
            client_id.label("client_id"),
            rows.c.client_kpi_id,
            rows.c.currency,
            rows.c.revenue,
            rows.c.expenses,
            worked.c.hours,
        )
        .select_from(rows.outerjoin(worked, is_same_month & (rows.c.span == "now")))
        .subquery("rows")
    )


def _sum(rows: sa.Subquery, column: str, span: str) -> Any:
    """Return the sum over a span, NULL if any of its rows could not be converted."""
    is_in_span = rows.c.span == span
    is_complete = sa.func.bool_and(rows.c.revenue.is_not(None)).filter(is_in_span)
    return sa.case((is_complete, sa.func.sum(rows.c[column]).filter(is_in_span)))
