"""The table `lead_events`: a lead of a client reached a stage on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import NOTE, SOURCE, Field, date_headings

_LEAD_ID = Field(
    "Lead", limit=100, is_key=True,
    headings=(
        "leadid", "lead", "leadname", "dealname", "deal", "opportunity", "opportunityname",
        "dealid", "enquiry", "dealtitle", "title", "titel",
    ),
)  # fmt: skip
_STAGE = Field(
    "Stage",
    limit=100,
    is_key=True,
    headings=("stage", "dealstage", "leadstage", "pipelinestage", "dealphase", "phase"),
)
_EVENT_DATE = Field(
    "Date", "date", is_key=True, file_name="date",
    headings=date_headings(
        "createdate", "createddate", "createdtime", "createdon", "datecreated", "dealcreated",
        "addtime", "erstellungsdatum", "erstelltam", "dealerstellt",
        "closedate", "stagedate", "dateentered", "enquirydate",
    ),
)  # fmt: skip
# On the event's date in the tenant's time zone, null where only the day is known.
_EVENT_AT = Field(
    "Time", "instant", clearable=True, example="14:30",
    help="The time in your organisation's time zone. It decides the order of a lead's events on "
    "one day.",
    headings=("eventat", "eventtime", "time", "timeofday"),
)  # fmt: skip
_VALUE = Field(
    "Value", "money", clearable=True, example="18,000.00",
    not_below_zero="The value of a lead cannot be negative.",
    headings=(
        "value", "amount", "dealamount", "dealvalue", "amountincompanycurrency", "estimatedvalue",
        "betrag", "wert",
    ),
)  # fmt: skip
_REASON = Field(
    "Reason", limit=200, clearable=True, example="Chose another supplier",
    help="Why the lead was lost. The lead funnel counts the reasons.",
    headings=(
        "reason", "lostreason", "closedlostreason", "lossreason", "reasonlost",
        "reasonforlosing", "reasonforloss", "verlustgrund", "grundfürverlust",
    ),
)  # fmt: skip
ONLY_LOST = "Only an event at a lost stage has a reason. Clear it, or write it as a note."


@dataclass(frozen=True)
class LeadEventDraft:
    """An event as a person enters it: a lead reached a stage; `value` in the client's currency.

    `event_at` is the moment on `event_date`, with a time zone; None if only the day is known.
    `reason` is why the lead was lost, at a lost stage.
    """

    client_kpi_id: Annotated[str, Field("Client", "client", is_key=True)]
    lead_id: Annotated[str, _LEAD_ID]
    stage: Annotated[str, _STAGE]
    event_date: Annotated[date, _EVENT_DATE]
    value: Annotated[Decimal | None, _VALUE] = None
    note: Annotated[str | None, NOTE] = None
    event_at: Annotated[datetime | None, _EVENT_AT] = None
    reason: Annotated[str | None, _REASON] = None


# The status of an event is that of its stage.
LEAD_EVENTS = EntryTable(
    "lead_events", "lead_event", "lev", LeadEventDraft,
    {"status": Field("Status", "option", is_derived=True), **SOURCE}, is_imported=True,
)  # fmt: skip
