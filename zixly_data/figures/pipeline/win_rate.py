"""What became of the leads of a view: won, lost and open, and the win rate.

win_rate    won / (won + lost), by count; none if nothing is decided. Open leads are in neither.
value_rate  the same by value, in one currency: of the leads with a value, whose numbers are
            beside it
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.figures.pipeline.funnel import ratio
from zixly_data.figures.pipeline.steps import View, leads_of
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.pipeline.lead_states import median, states_query
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Days, Frame, Money, Ratio, Text, fetch, nullable
from zixly_data.values.period import Period


class WinRates(Frame):
    """First all leads, with null as the currency and no values; then one row per currency.

    `…_with_value` count the leads with a value and `…_value` is the sum of those values.
    `median_days_…` is that of `days_open`, exact to half a day, null if there are no such leads.
    `dated_later` counts leads whose first event is dated after today.
    """

    currency: Text = nullable
    leads: Count
    decided: Count
    won: Count
    lost: Count
    open: Count
    dated_later: Count
    win_rate: Ratio = nullable
    median_days_won: Days = nullable
    median_days_lost: Days = nullable
    median_days_open: Days = nullable
    won_with_value: Count
    lost_with_value: Count
    open_with_value: Count
    won_value: Money = nullable
    lost_value: Money = nullable
    open_value: Money = nullable
    value_rate: Ratio = nullable


def win_rates(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    view: View = View.COHORT,
) -> DataFrame[WinRates]:
    """Return the outcomes of the leads that the view counts; no row if there are none."""
    leads = (
        states_query(identity, leads_of(identity, period, client_filter, view))
        .order_by(None)
        .subquery("leads_of_view")
    )
    today = tenants.date_of(identity, sa.func.now())
    is_status = {name: leads.c.status == name.upper() for name in ("won", "lost", "open")}
    is_decided = sa.or_(is_status["won"], is_status["lost"])
    is_all = sa.func.grouping(leads.c.currency) == 1

    def number(condition: sa.ColumnElement[bool], column: Any = leads.c.lead_id) -> Any:
        return sa.func.count(column).filter(condition)

    def value(condition: sa.ColumnElement[bool]) -> Any:
        total = sa.func.coalesce(sa.func.sum(leads.c.value).filter(condition), 0)
        return sa.case((is_all, sa.null()), else_=total)

    query = (
        sa.select(
            leads.c.currency,
            sa.func.count().label("leads"),
            number(is_decided).label("decided"),
            *(number(condition).label(name) for name, condition in is_status.items()),
            number(leads.c.first_date > today).label("dated_later"),
            ratio(number(is_status["won"]), number(is_decided)).label("win_rate"),
            *(
                median(leads.c.days_open, condition).label(f"median_days_{name}")
                for name, condition in is_status.items()
            ),
            *(
                number(condition, leads.c.value).label(f"{name}_with_value")
                for name, condition in is_status.items()
            ),
            *(
                sa.cast(value(condition), sa.Numeric(20, 2)).label(f"{name}_value")
                for name, condition in is_status.items()
            ),
            ratio(value(is_status["won"]), value(is_decided)).label("value_rate"),
        )
        .group_by(sa.func.grouping_sets(sa.tuple_(), sa.tuple_(leads.c.currency)))
        .having(sa.func.count() > 0)
        .order_by(leads.c.currency.nulls_first())
    )
    with reporting(identity) as connection:
        return fetch(connection, query, WinRates)
