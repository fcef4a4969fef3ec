"""A team with one record of each kind, and what the arguments of actions are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.conftest import Team
from zixly_data.findings import dismissals
from zixly_data.identity import Role
from zixly_data.people import invitations
from zixly_data.records import (
    clients,
    closed_months,
    date_notes,
    exchange_rates,
    financials,
    overheads,
)
from zixly_data.records.delivery import metric_definitions, metric_targets, metrics
from zixly_data.records.pipeline import leads
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.tables.metric_targets import TargetDraft
from zixly_data.tables.overheads import OverheadDraft
from zixly_data.values import ids, period

DAY, NOW = date(2024, 3, 1), date(2024, 11, 1)
FIRST_OF_MONTH = date(2024, 4, 1)
CLOSED, OPEN = date(2023, 7, 1), date(2023, 8, 1)
EVER = period.parse("all", DAY)
ONE = Decimal(1)


@dataclass(frozen=True)
class Office:
    """A team and the ids of its records, each at its first version."""

    team: Team
    folder: Path
    client: str
    figures: str
    event: str
    metric: str
    value: str
    unused_metric: str
    invitation: str
    rate: str
    dismissal: str
    note: str
    overhead: str
    target: str


def furnish(team: Team, folder: Path) -> Office:
    """One client, its figures, a lead event, a metric with a value and one without, an invitation,
    a closed month; the ADMIN records the first name in the team."""
    prefixes = ("ckpi", "fin", "lev", "mdef", "met", "mdeg", "inv", "rate", "dis", "note", "ovh",
                "mtg")  # fmt: skip
    made = {name: ids.new_id(name) for name in prefixes}
    admin, client = team.admin, made["ckpi"]
    clients.add(admin, ClientDraft("HBC-1", "Harbor"), row_id=client)
    financials.add(admin, FinancialDraft(client, DAY, ONE, ONE), row_id=made["fin"])
    overheads.add(admin, OverheadDraft(DAY, "AUD", ONE, ONE), row_id=made["ovh"])
    leads.add(admin, LeadEventDraft(client, "L-1", "Inquiry", DAY), row_id=made["lev"])
    metric_definitions.define(admin, MetricDefinitionDraft("Calls", "calls"), row_id=made["mdef"])
    metric_definitions.define(admin, MetricDefinitionDraft("Faxes", "faxes"), row_id=made["mdeg"])
    metrics.add(admin, MetricDraft(client, "Calls", DAY, ONE), row_id=made["met"])
    invited = f"invited@{team.tenant_id}.example"
    invitations.invite(admin, invited, Role.VIEWER, row_id=made["inv"])
    exchange_rates.add(admin, RateDraft(DAY, "NZD", "AUD", ONE), row_id=made["rate"])
    dismissals.dismiss(admin, "LOSS", client, "2024-03", "We know.", row_id=made["dis"])
    date_notes.add(admin, NoteDraft(DAY, "Prices raised"), row_id=made["note"])
    target = TargetDraft(made["mdef"], DAY, "AT_LEAST", low=ONE)
    metric_targets.add(admin, target, row_id=made["mtg"])
    closed_months.close(admin, CLOSED)
    return Office(
        team, folder, client, made["fin"], made["lev"], made["mdef"], made["met"], made["mdeg"],
        made["inv"], made["rate"], made["dis"], made["note"], made["ovh"], made["mtg"],
    )  # fmt: skip


Arguments = Callable[[Office], tuple[tuple[Any, ...], dict[str, Any]]]


def given(*give: Callable[[Office], Any], **named: Callable[[Office], Any]) -> Arguments:
    def build(office: Office) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return tuple(make(office) for make in give), {k: v(office) for k, v in named.items()}

    return build


def ever(_: Office) -> Any:
    return EVER


def open_month(_: Office) -> date:
    return OPEN


def first(_: Office) -> int:
    return 1


def new_id(prefix: str) -> Callable[[Office], str]:
    return lambda _: ids.new_id(prefix)
