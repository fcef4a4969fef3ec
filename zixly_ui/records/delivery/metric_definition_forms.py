"""Forms to define a metric, and to change or remove a definition."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.records.delivery import metric_definitions
from zixly_data.records.delivery.metric_definitions import YES_OR_NO, MetricDefinition
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values.amounts import parse_number
from zixly_data.values.frames import rows
from zixly_data.values.names import parse_name
from zixly_ui.audit.history import show_history
from zixly_ui.components import record_dialog
from zixly_ui.components.forms import EntryForm
from zixly_ui.components.tables import Column
from zixly_ui.records.delivery.metric_forms import input_text
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

KINDS = {
    "NUMBER": "A number",
    "PERCENT": "A percentage",
    "RATING": "A rating, such as 4.8 out of 5",
    "YES_NO": "Yes or no",
    "COUNT": "A count, in whole numbers",
    "DURATION": "A duration",
}
DIRECTIONS = {"UP": "Higher is better", "DOWN": "Lower is better"}
PURPOSES = {BILLABLE_HOURS: "Billable hours"}
COLUMNS = (
    Column("metric_name", "Metric"),
    Column("kind_text", "Type"),
    Column("unit", "Unit"),
    Column("direction_text", "Direction"),
    Column("purpose_text", "Used for"),
    Column("records", "Values", "count"),
)
_NO_PURPOSE = "none"
_PURPOSE_OPTIONS = {
    _NO_PURPOSE: "Nothing else",
    BILLABLE_HOURS: "Billable hours: hourly rates, and volume and price in What changed",
}
_UNITS_OF_HOURS = ("h", "hr", "hrs", "hour", "hours")


@st.dialog("Define a metric", width="medium")
def define_dialog(identity: Identity, definitions: pd.DataFrame) -> None:
    """Show the form for a new metric beside the `definitions` there are."""
    form = EntryForm("metric", id_prefix="mdef")
    draft = _draw("Define metric", _metric_of_hours(definitions), form)
    if draft is not None:
        with form.problems():
            retry(lambda: metric_definitions.define(identity, draft, row_id=form.draft_id))
            form.saved(
                f"Defined: {draft.metric_name}. You can now set its target and record its values."
            )


def change_definition(
    identity: Identity, definitions: pd.DataFrame, chosen_ids: Sequence[str]
) -> None:
    """Open the form of the metric chosen in the table of definitions."""
    others = definitions[~definitions["id"].isin(chosen_ids)]
    record_dialog.open_dialog(
        record_dialog.Kind[MetricDefinition](
            name="metric",
            read=partial(metric_definitions.get_definition, identity),
            change=partial(metric_definitions.redefine, identity),
            delete=partial(metric_definitions.remove_definition, identity),
            start=_start,
            draw=partial(_draw, "Save changes", _metric_of_hours(others)),
            texts=_texts,
            trail=lambda metric: show_history(identity, "metric_definitions", metric.id),
        ),
        chosen_ids,
    )


def _metric_of_hours(definitions: pd.DataFrame) -> str | None:
    """Return the name of the metric used for billable hours."""
    names = [row["metric_name"] for row in rows(definitions) if row["purpose"] == BILLABLE_HOURS]
    return names[0] if names else None


def _draw(
    button: str, other_metric_of_hours: str | None, form: EntryForm
) -> MetricDefinitionDraft | None:
    """Draw the fields. They depend on the kind, which therefore comes first."""
    form.choice("kind", "Type", list(KINDS), KINDS.__getitem__)
    kind = str(form.value("kind"))
    with form.box(border=False):
        form.text("metric_name", "Name", placeholder="Client satisfaction")
        left, right = st.columns(2)
        with left:
            if kind == "RATING":
                form.text("out_of", "Out of", placeholder="5")
            elif kind in ("NUMBER", "COUNT", "DURATION"):
                form.text("unit", "Unit", placeholder="hours")
        with right:
            form.choice("direction", "Direction", list(DIRECTIONS), DIRECTIONS.__getitem__)
        form.choice(
            "purpose", "Used for", list(_PURPOSE_OPTIONS), _PURPOSE_OPTIONS.__getitem__,
            help="Reports use this metric for billable hours, regardless of its name.",
        )  # fmt: skip
        if other_metric_of_hours is not None:
            st.caption(plain(_taken_text(other_metric_of_hours)))
        is_submitted = form.submit(button)
    if not is_submitted:
        return None
    name = form.read("metric_name", partial(parse_name, max_length=100))
    out_of = form.read("out_of", parse_number) if kind == "RATING" else None
    fixed_units = {
        "PERCENT": "%",
        "YES_NO": YES_OR_NO,
        "RATING": f"out of {input_text(out_of or Decimal())}",
    }
    unit = fixed_units.get(kind) or form.read("unit", partial(parse_name, max_length=40))
    if not form.is_valid or name is None or unit is None:
        return None
    purpose = str(form.value("purpose"))
    is_of_hours = purpose == BILLABLE_HOURS and kind not in fixed_units
    if is_of_hours and unit.lower() not in _UNITS_OF_HOURS:
        question = f"The unit is “{unit}”, but the values will count as hours. Is that right?"
        if not form.ask("unit", question):
            return None
    return MetricDefinitionDraft(
        name, unit, kind, str(form.value("direction")), out_of,
        None if purpose == _NO_PURPOSE else purpose,
    )  # fmt: skip


def _taken_text(metric_name: str) -> str:
    return (
        f"Billable hours currently come from “{metric_name}”, and only one metric can be used. To "
        f"use this one instead, first open “{metric_name}”, change “Used for” to "
        f"“{_PURPOSE_OPTIONS[_NO_PURPOSE]}” and save."
    )


def _start(metric: MetricDefinition) -> dict[str, object]:
    return {
        "kind": metric.kind,
        "metric_name": metric.metric_name,
        "unit": metric.unit,
        "out_of": "" if metric.out_of is None else input_text(metric.out_of),
        "direction": metric.direction,
        "purpose": metric.purpose or _NO_PURPOSE,
    }


def _texts(metric: MetricDefinitionDraft) -> dict[str, str]:
    return {
        "Name": metric.metric_name,
        "Type": KINDS[metric.kind],
        "Unit": metric.unit,
        "Direction": DIRECTIONS[metric.direction],
        "Used for": PURPOSES[metric.purpose] if metric.purpose else "",
    }
