"""Ranking of all findings by the amount at stake.

    at_stake   the finding's amount in the tenant's reporting currency, converted with the latest
               rate of any month, or unconverted if there is no rate

`at_stake` serves ranking alone. It is no recorded amount and is never added.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import distinct_on

from zixly_data.database.connection import reporting
from zixly_data.database.schema import exchange_rates
from zixly_data.database.statement_cache import cached_statement
from zixly_data.findings.definitions import KINDS, kinds_of, union_of
from zixly_data.findings.finding import Findings, largest_first, with_dismissals
from zixly_data.findings.kind import Group
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values.frames import Count, Frame, Money, Text, arrow_types, fetch, nullable

MOST_OF_A_KIND = 100
MOST_URGENT = 5


class RankedFindings(Findings):
    """One row per finding, the most at stake first; `at_stake` is in `at_stake_currency`."""

    at_stake: Money = nullable
    at_stake_currency: Text


class ListedFindings(RankedFindings):
    """`of_kind` counts all findings of the kind, dismissed or not as this one is.

    `clients` counts the clients with a finding of the kind's group, again dismissed or not.
    """

    of_kind: Count
    clients: Count


class UrgentFindings(RankedFindings):
    """`of_all` counts all findings, dismissed or not as this one is."""

    of_all: Count


def findings(identity: Identity, today: date) -> DataFrame[ListedFindings]:
    """Return the findings on this day, including dismissed ones, the most at stake first.

    Of each kind at most 100 are returned, and 100 dismissed ones. Findings without an amount come
    last. `definitions` lists the kinds.
    """
    query = _listed(identity, today, tenants.get(identity).reporting_currency)
    with reporting(identity) as connection:
        return fetch(connection, query, ListedFindings)


@cached_statement
def _listed(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return the statement of `findings`."""
    ranked = _ranked(identity, today, target_currency)
    contradictions = [kind.key for kind in kinds_of(Group.CONTRADICTION)]
    of_kind = [ranked.c.dismissed, ranked.c.kind]
    of_group = [ranked.c.dismissed, ranked.c.kind.in_(contradictions)]
    of_client = sa.func.row_number().over(partition_by=[*of_group, ranked.c.client_kpi_id])
    numbered = sa.select(
        ranked,
        sa.func.row_number()
        .over(partition_by=of_kind, order_by=_most_at_stake(ranked))
        .label("place"),
        sa.func.count().over(partition_by=of_kind).label("of_kind"),
        sa.case((of_client == 1, 1)).label("first_of_client"),
    ).subquery("numbered")
    clients = sa.func.count(numbered.c.first_of_client).over(
        partition_by=[numbered.c.dismissed, numbered.c.kind.in_(contradictions)]
    )
    counted = sa.select(numbered, clients.label("clients")).subquery("counted")
    return _select(counted, ListedFindings, counted.c.place <= MOST_OF_A_KIND)


def most_urgent(identity: Identity, today: date) -> DataFrame[UrgentFindings]:
    """Return the five findings with the most at stake, of each client only one of a kind.

    Among them are as many dismissed ones again.
    """
    query = _most_urgent(identity, today, tenants.get(identity).reporting_currency)
    with reporting(identity) as connection:
        return fetch(connection, query, UrgentFindings)


@cached_statement
def _most_urgent(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return the statement of `most_urgent`."""
    ranked = _ranked(identity, today, target_currency)
    state = [ranked.c.dismissed]
    order = _most_at_stake(ranked)
    firsts = sa.select(
        ranked,
        sa.func.count().over(partition_by=state).label("of_all"),
        sa.func.row_number()
        .over(partition_by=[*state, ranked.c.kind, ranked.c.client_kpi_id], order_by=order)
        .label("of_client"),
    ).subquery("firsts")
    placed = (
        sa.select(
            firsts,
            sa.func.row_number()
            .over(partition_by=[firsts.c.dismissed], order_by=_most_at_stake(firsts))
            .label("place"),
        )
        .where(firsts.c.of_client == 1)
        .subquery("placed")
    )
    return _select(placed, UrgentFindings, placed.c.place <= MOST_URGENT)


def _ranked(identity: Identity, today: date, target_currency: str) -> sa.Subquery:
    """Return all findings, with the columns of `RankedFindings`."""
    rows = union_of(identity, today, target_currency, KINDS.values())
    findings = with_dismissals(identity, rows).subquery("all_findings")
    rates = (
        sa.select(exchange_rates.c.currency, exchange_rates.c.rate)
        .ext(distinct_on(exchange_rates.c.currency))
        .where(
            exchange_rates.c.tenant_id == identity.tenant_id,
            exchange_rates.c.into_currency == target_currency,
        )
        .order_by(exchange_rates.c.currency, exchange_rates.c.month.desc())
        .subquery("latest_rates")
    )
    rate = rates.c.rate
    at_stake = sa.func.round(findings.c.amount * sa.func.coalesce(rate, 1), 2)
    currency = sa.case((rate.is_(None), findings.c.currency), else_=target_currency)
    return (
        sa.select(findings, at_stake.label("at_stake"), currency.label("at_stake_currency"))
        .select_from(findings.outerjoin(rates, rates.c.currency == findings.c.currency))
        .subquery("ranked")
    )


def _most_at_stake(rows: sa.Subquery) -> tuple[Any, ...]:
    return largest_first(rows, rows.c.at_stake)


def _select(
    rows: sa.Subquery, model: type[Frame], condition: sa.ColumnElement[bool]
) -> sa.Select[Any]:
    columns = [rows.c[name] for name in arrow_types(model)]
    return sa.select(*columns).where(condition).order_by(*_most_at_stake(rows))
