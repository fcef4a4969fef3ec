"""Recording, changing and deleting the values of custom metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records import metrics
from zixly_data.records.metrics import MetricDraft, MetricRecord
from zixly_data.values.amounts import parse_number
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import short_date
from zixly_data.values.frames import rows
from zixly_data.values.names import parse_note
from zixly_ui.audit.history import show_history
from zixly_ui.components import record_dialog as editing
from zixly_ui.components.formatting import decimal_text, people_order
from zixly_ui.components.forms import EntryForm
from zixly_ui.records.metric_text import metric_text
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

YES_NO = {"1": "Yes", "0": "No"}


class Choices:
    """What can be chosen: the clients by id, and the definitions of metrics by name."""

    def __init__(self, clients: pd.DataFrame, definitions: pd.DataFrame) -> None:
        names = dict(zip(clients["id"], clients["client_name"], strict=True))
        self.clients: dict[str, str] = {
            each: names[each] for each in sorted(names, key=lambda one: people_order(names[one]))
        }
        self.metrics: dict[str, Mapping[str, Any]] = {
            row["metric_name"]: row for row in rows(definitions)
        }

    @property
    def can_record(self) -> bool:
        """Whether there is anybody to measure, and anything to measure."""
        return bool(self.clients and self.metrics)


def record_button(found: Choices) -> bool:
    """The page's one obvious action; whether it was pressed."""
    return found.can_record and st.button(
        "Record a value", type="primary", icon=":material/add:", key="record-value"
    )


@st.dialog("Record a value", width="medium")
def record_dialog(
    identity: Identity,
    found: Choices,
    client_filter: ClientFilter,
    series: tuple[str, str] | None,
    today: date,
) -> None:
    """The form for a new value, of the client and metric somebody chose to look at, if any."""
    client, metric = series or (client_filter.only, None)
    start = {"client_kpi_id": client, "metric_name": metric, "record_date": today}
    form = EntryForm("value", id_prefix="met", initial=start)
    draft = _draw(found, "Record value", form)
    if draft is not None:
        with form.problems():
            retry(lambda: metrics.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Recorded: {', '.join(filter(None, _texts(found, draft).values()))}.")


def change_value(identity: Identity, found: Choices, chosen: Sequence[str]) -> None:
    """The form for the value chosen in the table."""
    editing.open_dialog(
        editing.Kind[MetricRecord](
            name="value",
            read=partial(metrics.get, identity),
            change=partial(metrics.change, identity),
            delete=partial(metrics.delete, identity),
            start=partial(_start, found),
            draw=partial(_draw, found, "Save changes"),
            texts=partial(_texts, found),
            trail=partial(_trail, identity, found),
        ),
        chosen,
    )


def _trail(identity: Identity, found: Choices, record: MetricRecord) -> None:
    show_history(
        identity,
        "custom_metrics",
        record.id,
        client_name=found.clients.get(record.client_kpi_id, ""),
        names=found.clients,
    )


def value_rule(metric: Mapping[str, Any]) -> str:
    """Which values make sense, in words."""
    match metric["kind"]:
        case "PERCENT":
            return "A percentage from 0 up. Above 100 it needs a note that says why."
        case "RATING":
            return f"A rating from 0 to {decimal_text(metric['out_of'])}."
        case "COUNT":
            return f"A whole number of {metric['unit']}, 0 or more."
        case "DURATION":
            return f"A duration in {metric['unit']}, 0 or more."
        case "YES_NO":
            return "Yes or no."
        case _:
            return f"Any number, in {metric['unit']}."


def _draw(found: Choices, button: str, form: EntryForm) -> MetricDraft | None:
    """The fields; the draft once the button is pressed and everything can be read."""
    form.choice(
        "client_kpi_id",
        "Client",
        list(found.clients),
        lambda each: found.clients[each],
        placeholder="Choose a client",
    )
    form.choice("metric_name", "Metric", list(found.metrics), placeholder="Choose a metric")
    metric = found.metrics.get(str(form.value("metric_name")))
    is_yes_no = metric is not None and metric["kind"] == "YES_NO"
    with form.box(border=False):
        left, right = st.columns(2)
        with left:
            if is_yes_no:
                form.choice("metric_value", "Value", list(YES_NO), YES_NO.__getitem__, of="yes-no")
            else:
                unit = f" ({plain(metric['unit'])})" if metric else ""
                form.text("metric_value", f"Value{unit}")
        with right:
            form.day("record_date", "Date")
        if metric:
            st.caption(plain(value_rule(metric)))
        form.text("note", "Note (optional)")
        pressed = form.submit(button)
    if not pressed:
        return None
    client = form.read_choice("client_kpi_id", "Choose the client this is about.")
    name = form.read_choice("metric_name", "Choose what was measured.")
    value = form.read("metric_value", parse_number)
    day = form.read_day("record_date")
    note = form.read("note", parse_note)
    if not (form.is_valid and client and name and day) or value is None:
        return None
    return MetricDraft(client, name, day, value, note)


def _start(found: Choices, record: MetricRecord) -> dict[str, object]:
    return {
        "client_kpi_id": record.client_kpi_id,
        "metric_name": record.metric_name,
        "metric_value": input_text(record.metric_value),
        "record_date": record.record_date,
        "note": record.note or "",
    }


def input_text(value: Decimal) -> str:
    """A figure as a person would have typed it: `4.8`, not `4.8000`."""
    return f"{value.normalize():f}"


def _texts(found: Choices, draft: MetricDraft) -> dict[str, str]:
    metric = found.metrics.get(draft.metric_name)
    value = (
        metric_text(draft.metric_value, metric["kind"], metric["unit"], metric["out_of"])
        if metric
        else decimal_text(draft.metric_value)
    )
    return {
        "Client": found.clients.get(draft.client_kpi_id, "a deleted client"),
        "Metric": draft.metric_name,
        "Value": value,
        "Date": short_date(draft.record_date),
        "Note": draft.note or "",
    }
