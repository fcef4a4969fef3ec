"""The arguments of actions on leads."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.permissions.office import (
    DAY,
    Arguments,
    Office,
    ever,
    first,
    given,
    new_id,
)
from zixly_data.records.pipeline import lead_stages
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.tables.lead_stages import LeadStageDraft
from zixly_data.values.client_filter import ClientFilter


def _new_stage(_: Office) -> LeadStageDraft:
    return LeadStageDraft("Negotiation")


def _stage(name: str) -> Callable[[Office], str]:
    return lambda o: lead_stages.find(o.team.admin, name).id


def _event(o: Office) -> LeadEventDraft:
    return LeadEventDraft(o.client, "L-2", "Inquiry", DAY)


ARGUMENTS: dict[str, Arguments] = {
    "records.pipeline.lead_stages.get": given(_stage("Inquiry")),
    "records.pipeline.lead_stages.find": given(lambda _: "Inquiry"),
    "records.pipeline.stage_changes.merge_preview": given(
        _stage("Inquiry"), _stage("Consultation")
    ),
    "records.pipeline.stage_changes.add": given(_new_stage, row_id=new_id("stage")),
    "records.pipeline.stage_changes.change": given(_stage("Inquiry"), first, _new_stage),
    "records.pipeline.stage_changes.move": given(_stage("Lost"), first, _stage("Inquiry")),
    "records.pipeline.stage_changes.merge": given(
        _stage("Inquiry"), first, _stage("Consultation")
    ),
    "records.pipeline.stage_changes.retire": given(_stage("Inquiry"), first),
    "records.pipeline.stage_changes.restore": given(_stage("Inquiry"), first),
    "records.pipeline.leads.events": given(ever),
    "records.pipeline.leads.page": given(ever),
    "records.pipeline.lead_states.page": given(ever),
    "records.pipeline.lead_states.names_of_client": given(lambda o: o.client),
    "records.pipeline.leads.get": given(lambda o: o.event),
    "records.pipeline.leads.add": given(_event, row_id=new_id("lev")),
    "records.pipeline.leads.change": given(lambda o: o.event, first, _event),
    "records.pipeline.leads.delete": given(lambda o: o.event, first),
    "figures.pipeline.funnel.funnel": given(ever),
    "figures.pipeline.funnel.leads_at": given(ever, lambda _: ClientFilter(), lambda _: "Inquiry"),
    "figures.pipeline.lost_reasons.lost_reasons": given(ever),
    "figures.pipeline.funnel.funnel_values": given(ever),
    "figures.pipeline.win_rate.win_rates": given(ever),
}  # fmt: skip
