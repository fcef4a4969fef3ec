"""Short functions that write into the books of a fresh team, always as its editor."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

from tests.conftest import Team
from zixly_data.identity import Identity
from zixly_data.records import clients, financials, overheads
from zixly_data.records.delivery import metric_definitions, metric_targets, metrics
from zixly_data.records.pipeline import leads
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.tables.metric_targets import TargetDraft
from zixly_data.tables.overheads import OverheadDraft
from zixly_data.values import ids
from zixly_data.values.period import Period

ALWAYS = Period("all", date(2000, 1, 1), date(2100, 12, 31), "All time")
Q1_2024 = Period("2024-Q1", date(2024, 1, 1), date(2024, 3, 31), "Q1 2024 (Jan–Mar)")

_numbers = itertools.count(1)


def client(
    team: Team,
    name: str = "Harbour Café",
    *,
    currency: str = "AUD",
    status: str = "ACTIVE",
    industry: str | None = None,
    client_id: str | None = None,
    note: str | None = None,
) -> str:
    """Adds a client; returns our id of it."""
    row_id = ids.new_id("ckpi")
    draft = ClientDraft(
        client_id=client_id or f"EXT-{next(_numbers)}",
        client_name=name,
        industry=industry,
        currency=currency,
        status=status,
        note=note,
    )
    clients.add(team.editor, draft, row_id=row_id)
    return row_id


def money(
    team: Team,
    client_kpi_id: str,
    day: str | date,
    revenue: str | Decimal,
    expenses: str | Decimal = "0",
) -> str:
    """Records revenue and expenses; returns the record's id."""
    row_id = ids.new_id("fin")
    draft = FinancialDraft(client_kpi_id, _date(day), Decimal(revenue), Decimal(expenses))
    financials.add(team.editor, draft, row_id=row_id)
    return row_id


def overhead(
    team: Team,
    day: str | date,
    expenses: str | Decimal,
    revenue: str | Decimal = "0",
    *,
    currency: str = "AUD",
    kind: str = "OVERHEAD",
    account: str | None = None,
    counterparty: str | None = None,
    note: str | None = None,
) -> str:
    """Records revenue and expenses of no client; returns the overhead's id."""
    row_id = ids.new_id("ovh")
    draft = OverheadDraft(
        _date(day), currency, Decimal(revenue), Decimal(expenses), kind, account, counterparty, note
    )
    overheads.add(team.editor, draft, row_id=row_id)
    return row_id


def event(
    team: Team,
    client_kpi_id: str,
    lead_id: str,
    stage: str,
    day: str | date,
    value: str | Decimal | None = None,
) -> str:
    """Records that a lead reached a stage; returns the event's id."""
    row_id = ids.new_id("lev")
    draft = LeadEventDraft(
        client_kpi_id, lead_id, stage, _date(day), None if value is None else Decimal(value)
    )
    leads.add(team.editor, draft, row_id=row_id)
    return row_id


def metric(
    team: Team,
    name: str,
    kind: str = "NUMBER",
    *,
    unit: str | None = None,
    direction: str = "UP",
    target: str | None = None,
    out_of: str | None = None,
    purpose: str | None = None,
    adds_up: str | None = None,
    over_clients: str | None = None,
) -> str:
    """Defines a metric; returns the definition's id.

    Without `adds_up`, hours add up and other metrics have the last value. A target is everyone's
    from the beginning.
    """
    row_id = ids.new_id("mdef")
    draft = MetricDefinitionDraft(
        name,
        unit or ("yes or no" if kind == "YES_NO" else "points"),
        kind,
        direction,
        out_of=None if out_of is None else Decimal(out_of),
        purpose=purpose,
        adds_up=adds_up or ("SUM" if purpose else "LAST"),
        over_clients=over_clients or ("SUM" if purpose else "NONE"),
    )
    metric_definitions.define(team.editor, draft, row_id=row_id)
    if target is not None:
        edges = {"low" if direction == "UP" else "high": target}
        aim(team, row_id, **edges)
    return row_id


def aim(
    team: Team,
    metric_id: str,
    from_month: str | date = metric_targets.FROM_THE_BEGINNING,
    client_kpi_id: str | None = None,
    *,
    low: str | None = None,
    high: str | None = None,
    near_low: str | None = None,
    near_high: str | None = None,
) -> str:
    """Sets a target of the kind that its edges have, NONE without any; returns its id."""
    row_id = ids.new_id("mtg")
    kinds = {(True, True): "BETWEEN", (True, False): "AT_LEAST", (False, True): "AT_MOST"}
    draft = TargetDraft(
        metric_id,
        _date(from_month),
        kinds.get((low is not None, high is not None), "NONE"),
        client_kpi_id,
        *(None if edge is None else Decimal(edge) for edge in (low, high, near_low, near_high)),
    )
    metric_targets.add(team.editor, draft, row_id=row_id)
    return row_id


def measure(
    team: Team,
    client_kpi_id: str,
    name: str,
    day: str | date,
    value: str,
    note: str | None = None,
) -> str:
    """Records a value of a metric; returns the record's id."""
    row_id = ids.new_id("met")
    draft = MetricDraft(client_kpi_id, name, _date(day), Decimal(value), note)
    metrics.add(team.editor, draft, row_id=row_id)
    return row_id


def revenue_on_record(identity: Identity) -> Decimal:
    """All revenue the identity can see, whatever the currency."""
    return sum(financials.list_records(identity, ALWAYS)["revenue"], Decimal(0))


def _date(day: str | date) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day
