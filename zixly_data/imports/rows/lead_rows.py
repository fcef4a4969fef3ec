"""The rules of the rows of a file of leads, and the reasons to reject one."""

from __future__ import annotations

from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.currency_rules import check_currency
from zixly_data.imports.rows.deal_rows import date_deals, drop_other_reasons, stages_by_status
from zixly_data.imports.rows.stages_in_file import resolve_stages
from zixly_data.imports.rows.staging import RowStager
from zixly_data.tables.lead_events import LEAD_EVENTS, ONLY_LOST
from zixly_data.tables.lead_stages import LOST


def stage_lead_events(stager: RowStager) -> None:
    columns = stager.staged.columns
    columns["client_kpi_id"] = stager.client()
    columns["event_date"] = stager.date()
    columns["lead_id"] = stager.text("lead_id")
    stager.require("lead_id", columns["lead_id"], Cause.NO_LEAD, "The row has no lead.")
    stage_texts = stager.text("stage")
    if stager.has_column("deal_status"):
        stage_texts = stages_by_status(stager, stage_texts)
    stager.require("stage", stage_texts, Cause.NO_STAGE, "The row has no stage.")
    resolve_stages(stager, stage_texts)
    if stager.has_column("close_date"):
        date_deals(stager)
    if stager.has_column("reason"):
        columns["reason"] = stager.text("reason")
        if stager.staged.deals is not None:
            drop_other_reasons(stager)
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
