"""The form of a computed metric: a ratio or a formula, with a preview before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.figures.delivery import computed_values, formula_preview
from zixly_data.identity import Identity
from zixly_data.records import clients
from zixly_data.records.delivery import formulas
from zixly_data.records.delivery.metric_inputs import FORMULA, RATIO
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values.frames import rows
from zixly_data.values.names import parse_name
from zixly_ui.components.formatting import plural
from zixly_ui.components.forms import EntryForm
from zixly_ui.components.tables import Column, records_table
from zixly_ui.records.delivery.metric_text import metric_text
from zixly_ui.shell.markdown import plain

RECORDED = "RECORDED"
SOURCES = {
    RECORDED: "Recorded: people enter them or import them",
    RATIO: "Computed: one metric divided by another",
    FORMULA: "Computed: a formula",
}
KINDS = {"NUMBER": "A number", "PERCENT": "A percentage", "DURATION": "A duration"}
_ALL = "all"
_AMOUNTS = {
    "revenue": "Revenue, from Financials",
    "expenses": "Expenses, from Financials",
    "profit": "Profit, from Financials",
}
_COLUMNS = (
    Column("month", "Month", "month", width=120),
    Column("value_text", "Value", "quantity"),
    Column("note", "Clients"),
)
_PROBLEMS = {
    computed_values.MISSING: "No value: something it uses has none",
    computed_values.DIVIDED_BY_ZERO: "No value: it would divide by zero",
    computed_values.TOO_LARGE: "No value: the number is too large",
    computed_values.CURRENCIES: "No value: the clients use several currencies",
}
_NO_TOTAL = (
    "There is no value of all clients, because a metric in the formula does not add up over "
    "clients. Choose a client to see its values."
)
_UNIT_HELP = "Amounts are in the currency of each client, so leave the currency out of the unit."


@dataclass(frozen=True)
class Names:
    """What formulas may use: `labels` by name, the amounts of financials first.

    `metric_id` is that of the metric that the form changes.
    """

    identity: Identity
    labels: Mapping[str, str]
    metric_id: str | None = None


def names_of(identity: Identity, definitions: pd.DataFrame, metric_id: str | None = None) -> Names:
    """Return the names for the formula of a metric, from the metrics there are."""
    metrics = {
        row["symbol"]: f"{row['metric_name']}, {row['unit']}"
        for row in rows(definitions)
        if row["formula"] is None and row["id"] != metric_id
    }
    return Names(identity, {**_AMOUNTS, **metrics}, metric_id)


def choose_source(form: EntryForm) -> str:
    """Draw where the values of a new metric come from; of a saved metric it is fixed."""
    adds_up = form.initial("adds_up")
    if adds_up is not None:
        return str(adds_up) if adds_up in (RATIO, FORMULA) else RECORDED
    form.choice("source", "Values", list(SOURCES), SOURCES.__getitem__)
    return str(form.value("source"))


def start(metric: MetricDefinitionDraft) -> dict[str, object]:
    """Return the initial values of the fields that only computed metrics have."""
    numerator, _, denominator = (metric.formula or "").partition("/")
    return {
        "formula": metric.formula or "",
        "numerator": numerator.strip() or None,
        "denominator": denominator.strip() or None,
    }


def draw(
    button: str, source: str, names: Names, directions: Mapping[str, str], form: EntryForm
) -> MetricDefinitionDraft | None:
    """Draw the fields; return the draft once `button` is pressed and every field can be read."""
    form.choice("kind", "Type", list(KINDS), KINDS.__getitem__, of=source)
    kind = str(form.value("kind"))
    with form.box(border=False):
        form.text("metric_name", "Name", placeholder="Revenue per hour")
        _draw_formula(source, names, form)
        left, right = st.columns(2)
        with left:
            if kind != "PERCENT":
                form.text("unit", "Unit", placeholder="per hour", help=_UNIT_HELP)
        with right:
            form.choice("direction", "Direction", list(directions), directions.__getitem__)
        people = clients.names(names.identity)
        labels = {
            _ALL: "All clients",
            **dict(zip(people["id"], people["client_name"], strict=True)),
        }
        form.choice("preview_of", "Preview for", list(labels), labels.__getitem__)
        preview = st.container()
        with st.container(horizontal=True):
            is_previewed = st.form_submit_button("Preview", icon=":material/visibility:")
            is_submitted = form.submit(button)
    formula = _read_formula(source, form, is_asked=is_previewed or is_submitted)
    if formula and not is_submitted:
        unit = "%" if kind == "PERCENT" else str(form.value("unit") or "").strip()
        name = str(form.value("metric_name") or "")
        draft = MetricDefinitionDraft(name, unit, kind, adds_up=source, formula=formula)
        with preview, form.problems():
            _show_preview(names, draft, str(form.value("preview_of")))
    if not is_submitted:
        return None
    name_read = form.read("metric_name", partial(parse_name, max_length=100))
    unit_read = "%" if kind == "PERCENT" else form.read("unit", partial(parse_name, max_length=40))
    if not form.is_valid or name_read is None or unit_read is None:
        return None
    direction = str(form.value("direction"))
    return MetricDefinitionDraft(
        name_read, unit_read, kind, direction, adds_up=source, formula=formula
    )


def _draw_formula(source: str, names: Names, form: EntryForm) -> None:
    if source == RATIO:
        for field, label in (("numerator", "Divide"), ("denominator", "By")):
            form.choice(
                field, label, list(names.labels), lambda name: _label(names, name),
                placeholder="Choose a metric or an amount",
            )  # fmt: skip
        st.caption("Sums are divided: those of the period, and those of all clients.")
        return
    form.text("formula", "Formula", placeholder="revenue / billable_hours")
    with st.popover("Names for formulas", icon=":material/help:"):
        st.markdown("Use these names, numbers, + - \\* / and parentheses.")
        st.markdown(
            "\n".join(f"- `{name}`: {plain(label)}" for name, label in names.labels.items())
        )


def _label(names: Names, name: str) -> str:
    return names.labels.get(name, name)


def _read_formula(source: str, form: EntryForm, *, is_asked: bool) -> str | None:
    """Return the formula as typed or chosen; say what is missing if the person `is_asked`."""
    if source == FORMULA:
        text = str(form.value("formula") or "")
        if not is_asked:
            return text or None
        formula = form.read("formula", lambda typed, _: formulas.parse(typed))
        return formula.text if formula else None
    chosen = [form.value(field) for field in ("numerator", "denominator")]
    if not is_asked and not all(chosen):
        return None
    numerator = form.read_choice("numerator", "Choose what is divided.")
    denominator = form.read_choice("denominator", "Choose what it is divided by.")
    return formulas.ratio(numerator, denominator) if numerator and denominator else None


def _show_preview(names: Names, draft: MetricDefinitionDraft, client: str) -> None:
    frame = formula_preview.formula_preview(
        names.identity,
        draft,
        metric_id=names.metric_id,
        client_kpi_id=None if client == _ALL else client,
    )
    months = rows(frame)
    if all(month["problem"] == formula_preview.NOT_ADDED for month in months):
        st.info(_NO_TOTAL, icon=":material/info:")
        return
    labelled = frame.assign(
        value_text=[
            metric_text(month["value"], draft.kind, draft.unit, adds_up=draft.adds_up)
            for month in months
        ],
        note=[_note(month, is_total=client == _ALL) for month in months],
    )
    st.caption("The last twelve months")
    records_table(labelled, _COLUMNS, "formula-preview", height=280)


def _note(month: Mapping[str, Any], *, is_total: bool) -> str:
    """Return why there is no value, or which clients count."""
    if month["problem"] is not None:
        return _PROBLEMS[month["problem"]]
    if not is_total:
        return ""
    clients, left_out = month["clients"], month["left_out"]
    if not left_out:
        return plural(clients, "client")
    return f"{clients:,} of {clients + left_out:,} clients: the others lack a value"
