"""The arguments of actions on leads."""

from __future__ import annotations

from tests.support.permissions.office import (
    DAY,
    Arguments,
    Office,
    ever,
    first,
    given,
    new_id,
)
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.values.client_filter import ClientFilter


def _event(o: Office) -> LeadEventDraft:
    return LeadEventDraft(o.client, "L-2", "Inquiry", DAY)


ARGUMENTS: dict[str, Arguments] = {
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
    "figures.pipeline.funnel.funnel_values": given(ever),
    "figures.pipeline.win_rate.win_rates": given(ever),
}  # fmt: skip
