"""The table `lead_stages`: the steps of a lead, each open, won or lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from zixly_data.errors import InvalidInput
from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import Field

OPEN, WON, LOST = "OPEN", "WON", "LOST"
STATUSES = (OPEN, WON, LOST)


@dataclass(frozen=True)
class LeadStageDraft:
    """A stage as a person enters it. `status` is one of `STATUSES`."""

    stage: Annotated[str, Field("Name", limit=100)]
    status: Annotated[str, Field("Status", "option")] = OPEN


LEAD_STAGES = EntryTable("lead_stages", "lead_stage", "stage", LeadStageDraft)


def takes_no_events(stage: str, merged_into: str | None = None) -> str:
    """Return why a retired stage is refused: `merged_into` is the stage that it counts as."""
    if merged_into:
        return (
            f"“{stage}” was merged into “{merged_into}” and takes no new events. Choose "
            f"“{merged_into}”."
        )
    return f"“{stage}” is retired and takes no new events. Choose another stage."


def parse_status(text: str, field: str = "status") -> str:
    """Return the status that the text names. Raises InvalidInput."""
    status = text.strip().upper()
    if status not in STATUSES:
        raise InvalidInput("The status of a stage must be open, won or lost.", field=field)
    return status
