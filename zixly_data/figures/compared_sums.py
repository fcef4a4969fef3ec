"""Several periods beside each other: what each adds up to, per group and currency.

now          the period that was asked for
so_far       its part up to today; left out where that is all of it
before       what that part is compared with: the previous like period
year_before  and the same days a year before
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from zixly_data.figures.billable_hours import hours as billable_hours
from zixly_data.figures.ledger import ledger_of
from zixly_data.figures.month_sums import month_sums
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period

NAMES = ("now", "so_far", "before", "year_before")

# The days that are summed, and how many months on their rows belong.
Span = tuple[Period, int]
Spans = dict[str, Span]
# Of a ledger with `moved`, how many months on a row belongs: the key of its group, what that is
# called, and the external id where the group is a client.
Key = Callable[[sa.Subquery], tuple[Any, Any, Any]]

NONE = sa.cast(sa.null(), sa.Text)


def spans_of(period: Period, so_far: Period, before: Span, year_before: Span) -> Spans:
    """The spans by name."""
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
    """One row per group and currency, or per currency where there is no key; both with `totals`.

    Columns: key, name and client_id (null of a currency as a whole), currency, clients (of now),
    revenue_… and expenses_… of each of `NAMES`, hours, and worked_revenue: that of months with
    hours. A sum is null where its span has no rows, and where one of them could not be converted.
    """
    rows = _rows(identity, spans, client_filter, target_currency, key)
    by = [rows.c.key, rows.c.name, rows.c.client_id, rows.c.currency]
    sets = [sa.tuple_(*by), sa.tuple_(rows.c.currency)]
    now = rows.c.span == "now"
    worked = now & (rows.c.hours > 0)
    return (
        sa.select(
            *by,
            sa.func.count(rows.c.client_kpi_id.distinct()).filter(now).label("clients"),
            *(
                _sum(rows, column, span if span in spans else "now").label(f"{column}_{span}")
                for span in NAMES
                for column in ("revenue", "expenses")
            ),
            sa.func.sum(rows.c.hours).filter(worked).label("hours"),
            sa.func.sum(rows.c.revenue).filter(worked).label("worked_revenue"),
        )
        .group_by(*([sa.func.grouping_sets(*sets)] if totals else by))
        .subquery("sums")
    )


def _rows(
    identity: Identity,
    spans: Spans,
    client_filter: ClientFilter | None,
    target_currency: str | None,
    key: Key | None,
) -> sa.Subquery:
    """The ledgers of all spans under each other, with the hours of the period itself."""
    spanned = []
    for span, (period, moved) in spans.items():
        sums = month_sums(identity, period, f"sums_{span}")
        spanned.append(
            sa.select(
                sa.literal_column(f"'{span}'").label("span"),
                sa.literal_column(str(moved), sa.Integer).label("moved"),
                *sums.c,
            )
        )
    rows = ledger_of(
        identity, sa.union_all(*spanned).subquery("spans"), client_filter, target_currency
    )
    period, _ = spans["now"]
    worked = billable_hours(identity, period, "worked")
    of_row = (worked.c.client_kpi_id == rows.c.client_kpi_id) & (worked.c.month == rows.c.month)
    group, name, client_id = key(rows) if key else (NONE, NONE, NONE)
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
        .select_from(rows.outerjoin(worked, of_row & (rows.c.span == "now")))
        .subquery("rows")
    )


def _sum(rows: sa.Subquery, column: str, span: str) -> Any:
    """A sum that leaves something out in silence is none."""
    of_span = rows.c.span == span
    known = sa.func.bool_and(rows.c.revenue.is_not(None)).filter(of_span)
    return sa.case((known, sa.func.sum(rows.c[column]).filter(of_span)))
