"""The table `lead_events`: a lead of a client reached a stage on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import NOTE, SOURCE, Field, date_headings

_LEAD_ID = Field(
    "Lead", limit=100, is_key=True,
    headings=(
        "leadid", "lead", "leadname", "dealname", "deal", "opportunity", "opportunityname",
        "dealid", "enquiry",
    ),
)  # fmt: skip
_STAGE = Field(
    "Stage", limit=100, is_key=True, headings=("stage", "dealstage", "leadstage", "pipelinestage")
)
_EVENT_DATE = Field(
    "Date", "date", is_key=True, file_name="date",
    headings=date_headings(
        "createdate", "closedate", "createddate", "stagedate", "dateentered", "enquirydate"
    ),
)  # fmt: skip
_VALUE = Field(
    "Value", "money", clearable=True, example="18,000.00",
    not_below_zero="The value of a lead cannot be negative.",
    headings=(
        "value", "amount", "dealamount", "dealvalue", "amountincompanycurrency", "estimatedvalue"
    ),
)  # fmt: skip


@dataclass(frozen=True)
class LeadEventDraft:
    """An event as a person enters it: a lead reached a stage; `value` in the client's currency."""

    client_kpi_id: Annotated[str, Field("Client", "client", is_key=True)]
    lead_id: Annotated[str, _LEAD_ID]
    stage: Annotated[str, _STAGE]
    event_date: Annotated[date, _EVENT_DATE]
    value: Annotated[Decimal | None, _VALUE] = None
    note: Annotated[str | None, NOTE] = None


# The status of an event is that of its stage.
LEAD_EVENTS = EntryTable(
    "lead_events", "lead_event", "lev", LeadEventDraft,
    {"status": Field("Status", "option", is_derived=True), **SOURCE}, is_imported=True,
)  # fmt: skip
