"""The pipeline: open leads by the stage they are at now, their age, and what they may be worth.

win_share       P(won | reached the stage): of the leads of all time and all clients that reached
                the stage and are decided, those that are won. None below 10 decided leads: the
                organisation has not enough history, and nothing else takes its place.
expected_value  value × win_share, to the cent; none without a value or a win share. That of a
                stage is the sum over its leads, in one currency.
days_open       since the first event; days_in_stage: since the lead came to its stage, the age
                of its open visit; days_quiet: since the latest event. 0 for a date ahead.
stalled         as `stage_limits` defines it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis
from zixly_data.figures.pipeline.funnel import ratio
from zixly_data.figures.pipeline.stage_limits import days_since, limit_days, stage_limits
from zixly_data.figures.pipeline.steps import Steps, is_same_lead, reached
from zixly_data.figures.pipeline.visits import visits
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.client_conditions import client_conditions
from zixly_data.records.pipeline.lead_states import cohort
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import (
    Count,
    Date,
    Flag,
    Frame,
    Money,
    Ratio,
    Text,
    fetch,
    nullable,
)
from zixly_data.values.paging import Page, PageRequest, fetch_page
from zixly_data.values.period import ALL

LEAST_DECIDED = 10
_FIRST_PAGE = PageRequest()


class OpenLeads(Frame):
    """One row per open lead. `entered_date` is the date it came to its stage."""

    client_kpi_id: Text
    client_id: Text
    client_name: Text
    lead_id: Text
    stage: Text
    value: Money = nullable
    currency: Text
    win_share: Ratio = nullable
    expected_value: Money = nullable
    stalled: Flag
    first_date: Date
    entered_date: Date
    last_date: Date
    days_open: Count
    days_in_stage: Count
    days_quiet: Count
    limit_days: Count


class PipelineStages(Frame):
    """One row per open stage, in order, with null as the currency; and after it, one per currency
    of its leads, with values.

    `decided` and `won` are the leads behind `win_share`; `limit_days` is that of `stage_limits`.
    `dated_later` counts leads whose first event is dated after today.
    """

    position: Count
    stage: Text
    currency: Text = nullable
    leads: Count
    stalled: Count
    dated_later: Count
    with_value: Count
    value: Money = nullable
    decided: Count
    won: Count
    win_share: Ratio = nullable
    expected_value: Money = nullable
    limit_days: Count


def page(
    identity: Identity,
    client_filter: ClientFilter | None = None,
    request: PageRequest = _FIRST_PAGE,
    *,
    stage: str | None = None,
) -> Page[OpenLeads]:
    """Return the open leads, or those at one stage: stalled ones first, the longest without an
    event first.

    They may be sorted by value, expected value, days or client name.
    """
    query = open_leads_query(identity, client_filter, stage)
    columns = query.selected_columns
    names = ("value", "expected_value", "days_open", "days_in_stage", "days_quiet")
    sorts = {name: columns[name] for name in names}
    sorts["client_name"] = sa.func.lower(columns.client_name)
    count = _count(identity, client_filter, stage)
    with reporting(identity) as connection:
        return fetch_page(connection, query, OpenLeads, request, _order(columns), sorts, count)


def open_leads_query(
    identity: Identity, client_filter: ClientFilter | None, stage: str | None = None
) -> sa.Select[Any]:
    """Return the statement of `page`, without its limit; its columns are those of `OpenLeads`."""
    leads = _pipeline(identity, client_filter).leads
    names = OpenLeads.to_schema().columns
    query = sa.select(*(leads.c[name] for name in names)).order_by(*_order(leads.c))
    return query if stage is None else query.where(leads.c.stage == stage)


def by_stage(
    identity: Identity, client_filter: ClientFilter | None = None
) -> DataFrame[PipelineStages]:
    """Return the open leads by stage, and their values by stage and currency.

    `value` is null in rows of all currencies, and `expected_value` too; it is also null where the
    history is not enough, and counts leads without a value as nothing.
    """
    pipeline = _pipeline(identity, client_filter)
    leads, shares, limits = pipeline.leads, pipeline.shares, pipeline.limits
    steps = pipeline.steps.ordered
    of_step = (
        *(steps.c[name] for name in ("step", "position", "stage")),
        *(shares.c[name] for name in ("decided", "won", "win_share")),
        limits.c.limit_days,
    )
    is_all = sa.func.grouping(leads.c.currency) == 1

    def of_currency(total: Any) -> Any:
        return sa.cast(sa.case((is_all, sa.null()), else_=total), sa.Numeric(20, 2))

    value = sa.func.coalesce(sa.func.sum(leads.c.value), 0)
    expected = sa.func.coalesce(sa.func.sum(leads.c.expected_value), 0)
    number = sa.func.count(leads.c.lead_id)
    query = (
        sa.select(
            steps.c.position,
            steps.c.stage,
            leads.c.currency,
            number.label("leads"),
            number.filter(leads.c.stalled).label("stalled"),
            number.filter(leads.c.is_dated_later).label("dated_later"),
            sa.func.count(leads.c.value).label("with_value"),
            of_currency(value).label("value"),
            sa.func.coalesce(shares.c.decided, 0).label("decided"),
            sa.func.coalesce(shares.c.won, 0).label("won"),
            shares.c.win_share,
            of_currency(sa.case((shares.c.win_share.is_not(None), expected))).label(
                "expected_value"
            ),
            limit_days(limits).label("limit_days"),
        )
        .select_from(
            steps.outerjoin(leads, leads.c.step == steps.c.step)
            .outerjoin(shares, shares.c.step == steps.c.step)
            .outerjoin(limits, limits.c.step == steps.c.step)
        )
        .where(steps.c.status == "OPEN")
        .group_by(sa.func.grouping_sets(sa.tuple_(*of_step), sa.tuple_(*of_step, leads.c.currency)))
        .having(sa.or_(is_all, leads.c.currency.is_not(None)))
        .order_by(steps.c.step, leads.c.currency.nulls_first())
    )
    with reporting(identity) as connection:
        return fetch(connection, query, PipelineStages)


@dataclass(frozen=True)
class _Pipeline:
    """The parts of a statement. `leads` has the columns of `OpenLeads`, step and is_dated_later."""

    steps: Steps
    leads: sa.Subquery
    shares: sa.CTE
    limits: sa.CTE


def _pipeline(identity: Identity, client_filter: ClientFilter | None) -> _Pipeline:
    steps = Steps.of(identity)
    everyone = sa.select(*cohort(identity, ALL, None).c).cte("all_leads")
    all_visits = visits(identity, steps)
    shares, limits = _win_shares(identity, steps, everyone), stage_limits(all_visits)
    current = sa.select(*all_visits.c).where(all_visits.c.ended.is_(None)).subquery("current")
    days_quiet, limit = days_since(identity, everyone.c.last_date), limit_days(limits)
    expected = sa.func.round(everyone.c.value * shares.c.won / shares.c.enough_decided, 2)
    kept = (
        "client_kpi_id", "client_id", "client_name", "lead_id", "value", "currency", "first_date",
        "last_date",
    )  # fmt: skip
    is_dated_later = everyone.c.first_date > tenants.date_of(identity, sa.func.now())
    shown_clients = sa.select(client_kpis.c.id).where(
        *client_conditions(identity, client_filter, prospects=True)
    )
    leads = (
        sa.select(
            *(everyone.c[name] for name in kept),
            steps.recorded.c.step,
            steps.recorded.c.effective_stage.label("stage"),
            shares.c.win_share,
            expected.label("expected_value"),
            (days_quiet > limit).label("stalled"),
            current.c.started.label("entered_date"),
            days_since(identity, everyone.c.first_date).label("days_open"),
            days_since(identity, current.c.started).label("days_in_stage"),
            days_quiet.label("days_quiet"),
            limit.label("limit_days"),
            is_dated_later.label("is_dated_later"),
        )
        .select_from(
            everyone.join(steps.recorded, steps.recorded.c.stage == everyone.c.stage)
            .join(current, is_same_lead(current, everyone))
            .outerjoin(shares, shares.c.step == steps.recorded.c.step)
            .outerjoin(limits, limits.c.step == steps.recorded.c.step)
        )
        .where(everyone.c.status == "OPEN", everyone.c.client_kpi_id.in_(shown_clients))
        .subquery("open_leads")
    )
    return _Pipeline(steps, leads, shares, limits)


def _win_shares(identity: Identity, steps: Steps, everyone: sa.CTE) -> sa.CTE:
    """Return one row per step that a decided lead reached: step, decided, won, win_share, and
    enough_decided, null below `LEAST_DECIDED`."""
    leads = reached(identity, steps, everyone)
    decided = sa.func.count()
    won = decided.filter(leads.c.status == "WON")
    enough = sa.case((decided >= LEAST_DECIDED, decided))
    return (
        sa.select(
            steps.ordered.c.step,
            decided.label("decided"),
            won.label("won"),
            enough.label("enough_decided"),
            ratio(won, enough).label("win_share"),
        )
        .select_from(leads.join(steps.ordered, steps.ordered.c.step <= leads.c.furthest))
        .where(leads.c.status != "OPEN")
        .group_by(steps.ordered.c.step)
        .cte("win_shares")
    )


def _count(
    identity: Identity, client_filter: ClientFilter | None, stage: str | None
) -> sa.Select[Any]:
    """Return the statement for the number of open leads, without their figures."""
    leads, steps = cohort(identity, ALL, client_filter), Steps.of(identity)
    query = (
        sa.select(sa.func.count())
        .select_from(leads.join(steps.recorded, steps.recorded.c.stage == leads.c.stage))
        .where(leads.c.status == "OPEN")
    )
    return query if stage is None else query.where(steps.recorded.c.effective_stage == stage)


def _order(columns: Any) -> list[sa.ColumnElement[Any]]:
    return [
        columns.stalled.desc(),
        columns.days_quiet.desc(),
        sa.func.lower(columns.client_name),
        columns.client_kpi_id,
        columns.lead_id,
    ]
