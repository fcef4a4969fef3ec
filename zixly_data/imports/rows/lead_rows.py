"""The rules of the rows of a file of leads, and the reasons to reject one."""

from __future__ import annotations

from zixly_data.imports.references import normalise_name
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.currency_rules import check_currency
from zixly_data.imports.rows.staging import RowStager
from zixly_data.tables.lead_events import LEAD_EVENTS, ONLY_LOST
from zixly_data.tables.lead_stages import LOST, takes_no_events

_STAGES_NAMED = 20


def stage_lead_events(stager: RowStager) -> None:
    columns = stager.staged.columns
    columns["client_kpi_id"] = stager.client()
    columns["event_date"] = stager.date()
    columns["lead_id"] = stager.text("lead_id")
    stager.require("lead_id", columns["lead_id"], Cause.NO_LEAD, "The row has no lead.")
    stages = {normalise_name(stage.stage): stage for stage in stager.reference_data.stages}
    no_such_stage = _no_such_stage(
        [stage.stage for stage in stager.reference_data.stages if not stage.is_retired]
    )
    stage_texts = stager.text("stage")
    stager.require("stage", stage_texts, Cause.NO_STAGE, "The row has no stage.")
    columns["stage"], columns["status"] = [], []
    for row, text in enumerate(stage_texts):
        stage = stages.get(normalise_name(text or ""))
        if stage is None and text:
            stager.reject(row, "stage", Cause.UNKNOWN_STAGE, no_such_stage)
        if stage is not None and stage.is_retired:
            sentence = takes_no_events(stage.stage, stage.merged_stage)
            stager.staged.retired[row] = stager.problem(row, "stage", Cause.RETIRED_STAGE, sentence)
        columns["stage"].append(stage.stage if stage else None)
        columns["status"].append(stage.status if stage else None)
    if stager.has_column("reason"):
        columns["reason"] = stager.text("reason")
        for row, reason in enumerate(columns["reason"]):
            if reason is not None and columns["status"][row] not in (LOST, None):
                stager.reject(row, "reason", Cause.NOT_LOST, ONLY_LOST)
    if stager.has_column("event_at"):
        columns["event_at"] = stager.times("event_at", columns["event_date"])
    if stager.has_column("value"):
        columns["value"] = stager.money("value")
        for row, value in enumerate(columns["value"]):
            if value is not None and value.startswith("-"):
                sentence = LEAD_EVENTS.fields["value"].not_below_zero
                stager.reject(row, "value", Cause.NEGATIVE_VALUE, sentence)
        check_currency(stager, "value")


def _no_such_stage(names: list[str]) -> str:
    named = ", ".join(names[:_STAGES_NAMED])
    more = f", and {len(names) - _STAGES_NAMED:,} more" if len(names) > _STAGES_NAMED else ""
    return f"There is no such stage. Choose one of these: {named}{more}."
