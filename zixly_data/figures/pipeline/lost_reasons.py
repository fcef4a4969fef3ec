"""Reasons for losing: the lost leads of a period by the reason of their latest event.

lost leads  those that a view of the funnel counts in the period, and that are now at a lost stage
reason      that of the lead's latest event, whatever its case; the spelling is the most
            frequent one
value       that of `lead_states`, in the client's currency
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import distinct_on

from zixly_data.database.connection import reporting
from zixly_data.database.schema import lead_events
from zixly_data.figures.pipeline.steps import View, leads_of
from zixly_data.identity import Identity
from zixly_data.records.pipeline.lead_order import latest_first
from zixly_data.records.pipeline.lead_stages import effective_stages
from zixly_data.tables.lead_stages import LOST
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Frame, Money, Text, fetch, nullable
from zixly_data.values.period import Period

# The most reasons that are listed.
MOST_REASONS = 50


class LostReasons(Frame):
    """One row per reason, with null as the currency; and one per reason and currency.

    `reason` is empty for the leads without one. `leads` were lost for it (and have this currency),
    `with_value` of them have a value, and `value` is the sum of those values, zero if there are
    none. `all_leads` counts the lost leads of all reasons, also of those that are not listed.
    """

    reason: Text
    currency: Text = nullable
    leads: Count
    with_value: Count
    value: Money
    all_leads: Count


def lost_reasons(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    view: View = View.COHORT,
) -> DataFrame[LostReasons]:
    """Return the lost leads of a period by reason: the most frequent first, none given last.

    At most `MOST_REASONS` reasons are listed, each with its currencies after it.
    """
    lost = _lost_leads(identity, period, client_filter, view)
    key = sa.func.lower(lost.c.reason)
    counts = (
        sa.select(
            key.label("key"),
            sa.func.mode().within_group(lost.c.reason).label("reason"),
            lost.c.currency,
            sa.func.grouping(lost.c.currency).label("is_of_all"),
            sa.func.count().label("leads"),
            sa.func.count(lost.c.value).label("with_value"),
            sa.func.coalesce(sa.func.sum(lost.c.value), 0).label("value"),
        )
        .group_by(sa.func.grouping_sets(sa.tuple_(key), sa.tuple_(key, lost.c.currency)))
        .cte("counts")
    )
    of_all = counts.c.is_of_all == 1
    totals = (
        sa.select(
            counts.c.key,
            counts.c.reason,
            counts.c.leads,
            sa.func.row_number()
            .over(order_by=((counts.c.key == ""), counts.c.leads.desc(), counts.c.key))
            .label("place"),
            sa.cast(sa.func.sum(counts.c.leads).over(), sa.BigInteger).label("all_leads"),
        )
        .where(of_all)
        .cte("totals")
    )
    is_listed = sa.or_(totals.c.place <= MOST_REASONS, totals.c.key == "")
    query = (
        sa.select(
            totals.c.reason,
            counts.c.currency,
            *(counts.c[name] for name in ("leads", "with_value", "value")),
            totals.c.all_leads,
        )
        .select_from(totals.join(counts, counts.c.key == totals.c.key))
        .where(is_listed)
        .order_by(totals.c.place, counts.c.is_of_all.desc(), counts.c.currency)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, LostReasons)


def _lost_leads(
    identity: Identity, period: Period, client_filter: ClientFilter | None, view: View
) -> sa.Subquery:
    """Return one row per lost lead: its reason (empty for none), value and currency."""
    leads = leads_of(identity, period, client_filter, view)
    stages = effective_stages(identity)
    lead: tuple[sa.ColumnElement[Any], ...] = (lead_events.c.client_kpi_id, lead_events.c.lead_id)
    latest = (
        sa.select(*lead, lead_events.c.reason)
        .ext(distinct_on(*lead))
        .select_from(lead_events.join(stages, stages.c.stage == lead_events.c.stage))
        .where(lead_events.c.tenant_id == identity.tenant_id)
        .order_by(*lead, *latest_first(stages))
        .subquery("latest")
    )
    is_same_lead = sa.and_(
        latest.c.client_kpi_id == leads.c.client_kpi_id, latest.c.lead_id == leads.c.lead_id
    )
    return (
        sa.select(
            sa.func.coalesce(latest.c.reason, "").label("reason"), leads.c.value, leads.c.currency
        )
        .select_from(leads.join(latest, is_same_lead))
        .where(leads.c.status == LOST)
        .subquery("lost")
    )
