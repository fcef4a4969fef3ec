"""Forms to record, change and delete values of custom metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records.delivery import metrics
from zixly_data.records.delivery.metrics import MetricRecord
from zixly_data.tables.custom_metrics import CUSTOM_METRICS, MetricDraft
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import short_date
from zixly_data.values.frames import rows
from zixly_ui.audit.history import show_history
from zixly_ui.components import record_dialog as dialogs
from zixly_ui.components.fields import (
    draw_field,
    draw_other_fields,
    initial_values,
    read_other_fields,
)
from zixly_ui.components.formatting import decimal_text, people_order
from zixly_ui.components.forms import EntryForm
from zixly_ui.records.delivery.metric_text import metric_text
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

# Fields that are chosen from lists.
_CHOICES = ("client_kpi_id", "metric_name")

YES_NO = {"1": "Yes", "0": "No"}


class Choices:
    """The options of forms: clients by id, and metrics by name: all of them (`definitions`), and
    the recorded ones (`metrics`)."""

    def __init__(self, clients: pd.DataFrame, definitions: pd.DataFrame) -> None:
        names = dict(zip(clients["id"], clients["client_name"], strict=True))
        self.clients: dict[str, str] = {
            client_id: names[client_id]
            for client_id in sorted(names, key=lambda client_id: people_order(names[client_id]))
        }
        self.definitions: dict[str, Mapping[str, Any]] = {
            row["metric_name"]: row for row in rows(definitions)
        }
        self.metrics = {
            name: row for name, row in self.definitions.items() if row["formula"] is None
        }

    @property
    def can_record(self) -> bool:
        """Return whether there is a client and a metric to record a value for."""
        return bool(self.clients and self.metrics)


def record_button(options: Choices) -> bool:
    """Draw the primary action of the page; return whether it was pressed."""
    return options.can_record and st.button(
        "Record a value", type="primary", icon=":material/add:", key="record-value"
    )


@st.dialog("Record a value", width="medium")
def record_dialog(
    identity: Identity,
    options: Choices,
    client_filter: ClientFilter,
    series: tuple[str, str] | None,
    today: date,
) -> None:
    """Show the form for a new value, with the client and metric of `series` preselected.

    A computed metric is not: it has no values.
    """
    client, metric = series or (client_filter.single_client_id, None)
    metric = metric if metric in options.metrics else None
    start = {"client_kpi_id": client, "metric_name": metric, "record_date": today}
    form = EntryForm("value", id_prefix="met", initial=start)
    draft = _draw(options, "Record value", form)
    if draft is not None:
        with form.problems():
            retry(lambda: metrics.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Recorded: {', '.join(filter(None, _texts(options, draft).values()))}.")


def change_value(identity: Identity, options: Choices, chosen_ids: Sequence[str]) -> None:
    """Open the form of the value chosen in the table."""
    dialogs.open_dialog(
        dialogs.Kind[MetricRecord](
            name="value",
            read=partial(metrics.get, identity),
            change=partial(metrics.change, identity),
            delete=partial(metrics.delete, identity),
            start=partial(initial_values, CUSTOM_METRICS),
            draw=partial(_draw, options, "Save changes"),
            texts=partial(_texts, options),
            trail=partial(_trail, identity, options),
            source=attrgetter("source_system"),
        ),
        chosen_ids,
    )


def _trail(identity: Identity, options: Choices, record: MetricRecord) -> None:
    show_history(
        identity,
        "custom_metrics",
        record.id,
        client_name=options.clients.get(record.client_kpi_id, ""),
        names=options.clients,
    )


def value_rule(metric: Mapping[str, Any]) -> str:
    """Return a sentence with the valid values of a metric."""
    match metric["kind"]:
        case "PERCENT":
            return "A percentage of 0 or more. Above 100, explain why in a note."
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


def _draw(options: Choices, button: str, form: EntryForm) -> MetricDraft | None:
    """Draw the fields; return the draft once the button is pressed and every field can be read."""
    form.choice(
        "client_kpi_id",
        "Client",
        list(options.clients),
        options.clients.__getitem__,
        placeholder="Choose a client",
    )
    form.choice("metric_name", "Metric", list(options.metrics), placeholder="Choose a metric")
    metric = options.metrics.get(str(form.value("metric_name")))
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
            draw_field(form, CUSTOM_METRICS.entered["record_date"])
        if metric:
            st.caption(plain(value_rule(metric)))
        draw_other_fields(form, CUSTOM_METRICS, *_CHOICES, "metric_value", "record_date")
        is_submitted = form.submit(button)
    if not is_submitted:
        return None
    client = form.read_choice("client_kpi_id", "Choose the client.")
    name = form.read_choice("metric_name", "Choose the metric.")
    values = read_other_fields(form, CUSTOM_METRICS, *_CHOICES)
    return MetricDraft(client, name, **values) if form.is_valid and client and name else None


def input_text(value: Decimal) -> str:
    """Return a figure as a person would type it: `4.8`, not `4.8000`."""
    return f"{value.normalize():f}"


def _texts(options: Choices, draft: MetricDraft) -> dict[str, str]:
    metric = options.metrics.get(draft.metric_name)
    value = (
        metric_text(draft.metric_value, metric["kind"], metric["unit"], metric["out_of"])
        if metric
        else decimal_text(draft.metric_value)
    )
    return {
        "Client": options.clients.get(draft.client_kpi_id, "a deleted client"),
        "Metric": draft.metric_name,
        "Value": value,
        "Date": short_date(draft.record_date),
        "Note": draft.note or "",
    }
