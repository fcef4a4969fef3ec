"""The table `custom_metrics`: a value of a metric for a client on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import NOTE, SOURCE, Field, date_headings

_METRIC_NAME = Field(
    "Metric", limit=100, is_key=True, headings=("metricname", "metric", "kpi", "measure")
)
# Of timesheets the day on which an entry began, and its duration: first the one in hours and
# minutes, which is exact, then the one in decimals, which is rounded.
_RECORD_DATE = Field(
    "Date", "date", is_key=True, file_name="date",
    headings=date_headings(
        "measuredon", "period", "startdate", "startdatum", "spentdate", "workdate", "arbeitstag",
        "start", "started", "startedat", "begin", "beginn", "from", "von", "starttime", "startzeit",
    ),
)  # fmt: skip
BILLABLE_DURATIONS = (
    "billablehours",
    "billabletime",
    "billableduration",
    "billedhours",
    "billedtime",
    "abrechenbarestunden",
    "abrechenbarezeit",
)
_DURATIONS = (
    "duration", "durationh", "dauer", "dauerh", "durationhhmm", "durationhhmmss",
    "durationdecimal", "dauerdezimal", "durationhours", "hours", "stunden", "timeh",
    "timedecimal", "timehours", "trackedtime", "trackedhours", "loggedtime", "loggedhours",
    "timespent", "hourslogged", "hoursworked", "arbeitszeit", "arbeitsstunden", "durationminutes",
    "durationmin", "minutes", "minuten", "durationseconds", *BILLABLE_DURATIONS,
)  # fmt: skip
DURATION_HEADINGS = frozenset(_DURATIONS)
_METRIC_VALUE = Field(
    "Value", "measure",
    headings=(
        "metricvalue", "value", "result", "score", "actual", *_DURATIONS, "amount", "figure",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class MetricDraft:
    """A record as a person enters it: a value of a metric, in the metric's unit."""

    client_kpi_id: Annotated[str, Field("Client", "client", is_key=True)]
    metric_name: Annotated[str, _METRIC_NAME]
    record_date: Annotated[date, _RECORD_DATE]
    metric_value: Annotated[Decimal, _METRIC_VALUE]
    note: Annotated[str | None, NOTE] = None


# The unit of a value is that of its metric; a file may name it, and is then compared.
CUSTOM_METRICS = EntryTable(
    "custom_metrics", "custom_metric", "met", MetricDraft,
    {"unit": Field("Unit", limit=40, is_derived=True, headings=("unit", "units", "uom")), **SOURCE},
    is_imported=True,
)  # fmt: skip
