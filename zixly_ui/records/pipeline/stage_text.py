"""Texts of the lead stages: the headline, and the stages as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from zixly_data.tables.lead_stages import LOST, OPEN, WON
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import is_absent, plural, short_date
from zixly_ui.components.tables import Column

STATUS_LABELS = {OPEN: "Open", WON: "Won", LOST: "Lost"}
COLUMNS = (
    Column("stage", "Stage"),
    Column("status_label", "Status"),
    Column("events", "Events", "count"),
    Column("state", "New events", width=260),
)


def headline_text(stages: pd.DataFrame) -> str:
    """Return how many stages take events, and how many are retired."""
    retired = sum(not is_absent(row["retired_at"]) for row in rows(stages))
    taking = len(stages) - retired
    more = f" {retired:,} more {'is' if retired == 1 else 'are'} retired." if retired else ""
    return f"Leads go through {plural(taking, 'stage')}.{more}"


def table(stages: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """Return a frame of `LeadStagesWithEvents` with the texts of the table."""
    stage_rows = rows(stages)
    return stages.assign(
        status_label=[STATUS_LABELS[row["status"]] for row in stage_rows],
        state=[_state(row, time_zone) for row in stage_rows],
    )


def _state(row: Mapping[str, Any], time_zone: str) -> str:
    if is_absent(row["retired_at"]):
        return "Yes"
    if not is_absent(row["merged_stage"]):
        return f"No, counts as {row['merged_stage']}"
    retired_on = row["retired_at"].astimezone(ZoneInfo(time_zone)).date()
    return f"No, retired {short_date(retired_on)}"
