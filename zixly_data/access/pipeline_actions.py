"""The least role for every action on leads, as in `action_permissions`."""

from __future__ import annotations

from zixly_data.identity import Role

PIPELINE_ACTIONS: dict[str, tuple[Role, str]] = {
    "records.pipeline.lead_stages.list_stages": (Role.VIEWER, "See the lead stages"),
    "records.pipeline.lead_stages.list_with_events": (
        Role.VIEWER,
        "See how many events each lead stage has",
    ),
    "records.pipeline.lead_stages.get": (Role.VIEWER, "Open a lead stage"),
    "records.pipeline.lead_stages.find": (Role.VIEWER, "Find a lead stage by its name"),
    "records.pipeline.stage_changes.merge_preview": (
        Role.VIEWER,
        "See what merging lead stages would do",
    ),
    "records.pipeline.leads.events": (Role.VIEWER, "See the lead events"),
    "records.pipeline.leads.page": (Role.VIEWER, "See one page of the lead events"),
    "records.pipeline.lead_states.page": (Role.VIEWER, "See the leads"),
    "records.pipeline.lead_states.names_of_client": (Role.VIEWER, "Choose a lead of a client"),
    "records.pipeline.leads.get": (Role.VIEWER, "Open a lead event"),
    "figures.pipeline.funnel.funnel": (Role.VIEWER, "See the funnel"),
    "figures.pipeline.funnel.leads_at": (Role.VIEWER, "See the leads at a stage"),
    "figures.pipeline.lost_reasons.lost_reasons": (Role.VIEWER, "See why leads were lost"),
    "figures.pipeline.funnel.funnel_values": (Role.VIEWER, "See what leads are worth"),
    "figures.pipeline.win_rate.win_rates": (Role.VIEWER, "See how many leads were won and lost"),
    "figures.pipeline.open_leads.by_stage": (Role.VIEWER, "See the open leads by stage"),
    "figures.pipeline.open_leads.page": (Role.VIEWER, "See one page of the open leads"),
    "records.pipeline.leads.add": (Role.EDITOR, "Record a lead event"),
    "records.pipeline.leads.change": (Role.EDITOR, "Change a lead event"),
    "records.pipeline.leads.delete": (Role.EDITOR, "Delete a lead event"),
    "records.pipeline.stage_changes.add": (Role.ADMIN, "Add a lead stage"),
    "records.pipeline.stage_changes.change": (Role.ADMIN, "Rename a lead stage"),
    "records.pipeline.stage_changes.move": (Role.ADMIN, "Change the order of the lead stages"),
    "records.pipeline.stage_changes.merge": (Role.ADMIN, "Merge a lead stage into another"),
    "records.pipeline.stage_changes.retire": (Role.ADMIN, "Retire a lead stage"),
    "records.pipeline.stage_changes.restore": (Role.ADMIN, "Restore a retired lead stage"),
}
