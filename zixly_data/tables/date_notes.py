"""The table `date_notes`: remarks about a day, of one client or of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import Field


@dataclass(frozen=True)
class NoteDraft:
    """A note as a person enters it; without a client it is about all of them."""

    day: Annotated[date, Field("Date", "date")]
    words: Annotated[str, Field("Text", limit=200)]
    client_kpi_id: Annotated[str | None, Field("Client", "client")] = None


DATE_NOTES = EntryTable("date_notes", "date_note", "note", NoteDraft)
