"""Two clients that may be one: their names are equal but for case, punctuation and legal form.

Clients paid in different currencies are no twins: a client has one currency, so a business that
pays in two is two clients.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis, custom_metrics, financial_months, lead_events
from zixly_data.findings.finding import Finding, finding_query
from zixly_data.findings.kind import FindingKind, Group, RecordConditions
from zixly_data.identity import Identity

# Ends of names that say what kind of company it is.
_LEGAL_FORMS = (
    "pty", "proprietary", "ltd", "limited", "inc", "incorporated", "llc", "llp", "plc", "co",
    "corp", "corporation", "company", "gmbh", "mbh", "ug", "ag", "kg", "ohg", "bv", "nv", "sa",
    "sas", "sarl", "srl", "spa", "oy", "ab", "as", "aps", "and",
)  # fmt: skip


def possible_twins(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return each client whose name an older client of its currency has, with the oldest of these.

    amount: all revenue of the client, against: that of the older one, both null without records;
    about: the older client and its records; subject: its id; records: those of the client.
    """
    twin = client_kpis.alias("twin")
    name = normalised_name(client_kpis.c.client_name)
    # The oldest client of a name, to which all others of it are compared.
    first = sa.func.first_value(client_kpis.c.id).over(
        partition_by=[name, client_kpis.c.currency],
        order_by=[client_kpis.c.created_at, client_kpis.c.id],
    )
    pairs = (
        sa.select(client_kpis.c.id, first.label("first_id"))
        .where(client_kpis.c.tenant_id == identity.tenant_id)
        .subquery("pairs")
    )
    records = _records(identity, client_kpis.c.id)
    twin_records = _records(identity, twin.c.id)
    about = sa.func.concat(
        twin.c.client_id, " with ", sa.func.to_char(twin_records, "FM999,999,999"),
        sa.case((twin_records == 1, " record"), else_=" records"),
    )  # fmt: skip
    return (
        finding_query(
            amount=_revenue(identity, client_kpis.c.id),
            against=_revenue(identity, twin.c.id),
            subject=twin.c.id,
            about=about,
            records=records,
        )
        .select_from(
            client_kpis.join(pairs, pairs.c.id == client_kpis.c.id).join(
                twin,
                sa.and_(twin.c.tenant_id == identity.tenant_id, twin.c.id == pairs.c.first_id),
            )
        )
        .where(client_kpis.c.tenant_id == identity.tenant_id, pairs.c.first_id != pairs.c.id)
    )


def normalised_name(name: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Return a name in lower case, without punctuation and without its legal form at the end."""
    lower = sa.func.replace(sa.func.lower(name), "&", " and ")
    # `B.V.` is one word, and so is `O'Brien`.
    joined = sa.func.regexp_replace(lower, "[.'’`]", "", "g")
    plain = sa.func.btrim(sa.func.regexp_replace(joined, "[[:punct:][:space:]–—“”„«»·]+", " ", "g"))
    forms = "|".join(_LEGAL_FORMS)
    return sa.func.regexp_replace(plain, f"( ({forms}))+$", "")


def _revenue(identity: Identity, client_kpi_id: sa.ColumnElement[str]) -> sa.ColumnElement[Any]:
    months = financial_months.c
    return (
        sa.select(sa.func.sum(months.revenue))
        .where(
            months.tenant_id == identity.tenant_id,
            months.client_kpi_id == client_kpi_id,
            months.records > 0,
        )
        .scalar_subquery()
    )


def _records(identity: Identity, client_kpi_id: sa.ColumnElement[str]) -> sa.ColumnElement[Any]:
    """Return the number of financial records, lead events and metric values of a client."""
    months = financial_months.c
    total: sa.ColumnElement[Any] = sa.func.coalesce(
        sa.select(sa.func.sum(months.records))
        .where(months.tenant_id == identity.tenant_id, months.client_kpi_id == client_kpi_id)
        .scalar_subquery(),
        0,
    )
    for table in (lead_events, custom_metrics):
        total = total + (
            sa.select(sa.func.count())
            .select_from(table)
            .where(table.c.tenant_id == identity.tenant_id, table.c.client_kpi_id == client_kpi_id)
            .scalar_subquery()
        )
    return total


def _all_records(finding: Finding) -> RecordConditions:
    return RecordConditions(sa.true(), sa.true(), sa.true())


KINDS = (
    FindingKind(
        key="POSSIBLE_TWINS",
        group=Group.ATTENTION,
        title="Clients that may be one",
        meaning="Two clients have the same name but for case, punctuation and legal form. Merge "
        "them if they are one business; a merge can be undone.",
        sentences=(
            "{client} may be in Zixly twice: {client_id} with {records} and {amount} revenue, and "
            "{about} and {against} revenue.",
            "{client} may be in Zixly twice: {client_id} with {records}, and {about}.",
        ),
        icon="group",
        step="Compare and merge",
        page="clients.py",
        period=lambda finding: None,
        statement=possible_twins,
        records=_all_records,
    ),
)
