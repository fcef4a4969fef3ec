"""What the rows of a file mean: an answer for each value of the columns that say what a row is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from zixly_data.imports import Kind, Proposal
from zixly_data.imports.meanings.asked import AskedColumn, AskedValue
from zixly_data.imports.meanings.meaning import Meaning
from zixly_data.imports.references import normalise_name
from zixly_ui.components.formatting import plural
from zixly_ui.imports.text import shorten
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell.markdown import plain

_LABELS: dict[Meaning, str] = {
    Meaning.REVENUE: "Count as revenue",
    Meaning.EXPENSE: "Count as an expense",
    Meaning.CREDIT: "Credit: reduces revenue",
    Meaning.REFUND: "Refund: reduces expenses",
    Meaning.COUNT: "Count",
    Meaning.LEAVE_OUT: "Leave out",
}
_NOUNS: dict[Meaning, str] = {
    Meaning.REVENUE: "revenue",
    Meaning.EXPENSE: "expense",
    Meaning.CREDIT: "credit",
    Meaning.REFUND: "refund",
    Meaning.COUNT: "counts",
    Meaning.LEAVE_OUT: "left out",
}
_OF_VALUES = (Meaning.COUNT, Meaning.LEAVE_OUT)
_NO_VALUE = "(empty)"


def ask_about_meanings(workspace: Workspace, proposal: Proposal) -> bool:
    """Ask what the rows with each value mean; return whether every value has an answer.

    Suggestions are chosen beforehand, and count only once a person uses them.
    """
    columns = proposal.staged.meanings
    if not columns:
        return True
    unanswered = sum(len(column.unanswered) for column in columns)
    label = (
        f"What the rows mean: {plural(unanswered, 'value')} to check"
        if unanswered
        else f"What the rows mean: {meanings_text(columns)}"
    )
    with st.expander(plain(label), expanded=bool(unanswered), icon=":material/rule:"):
        _form(workspace, columns, is_open=bool(unanswered))
    if unanswered:
        st.caption("Check each value and use these meanings to see what the file would change.")
    return not unanswered


def meanings_text(columns: Sequence[AskedColumn]) -> str:
    """Summarise the answers: `Type: Bill → expense · Status: Voided → left out`. Values that only
    count are not named."""
    parts = []
    for column in columns:
        answers = [
            f"{shorten(value.value) or _NO_VALUE} → {_NOUNS[value.answer]}"
            for value in column.values
            if value.answer not in (None, Meaning.COUNT)
        ]
        if answers:
            parts.append(f"{column.heading}: {', '.join(answers)}")
    return " · ".join(parts) or "all rows count"


def _form(workspace: Workspace, columns: Sequence[AskedColumn], *, is_open: bool) -> None:
    key = f"import-meanings-{workspace.number}-{workspace.sheet}-{workspace.kind}"
    meanings = {name: dict(values) for name, values in _answered(workspace).items()}
    # A value of a metric is neither revenue nor an expense.
    options = _OF_VALUES if workspace.kind is Kind.CUSTOM_METRICS else tuple(_LABELS)
    with st.form(key, border=False):
        for place, column in enumerate(columns):
            st.markdown(f"**{plain(column.heading)}**")
            for value in column.values:
                choice = _ask(f"{key}-{place}", value, options)
                if choice is not None:
                    meanings.setdefault(column.key, {})[normalise_name(value.value)] = choice.value
        is_submitted = st.form_submit_button(
            "Use these meanings", type="primary" if is_open else "secondary"
        )
    if is_submitted:
        workspace.update_mapping(meanings=meanings)
        st.rerun()


def _answered(workspace: Workspace) -> Mapping[str, Mapping[str, str]]:
    return {} if workspace.mapping is None else workspace.mapping.meanings


def _ask(key: str, value: AskedValue, options: Sequence[Meaning]) -> Meaning | None:
    current = value.answer or value.suggestion
    name = shorten(value.value) or _NO_VALUE
    text, select = st.columns([5, 4], vertical_alignment="center", gap="small")
    with text:
        st.markdown(f"{plain(name)}  \n:small[:gray[{plain(_figures(value))}]]")
    with select:
        return st.selectbox(
            plain(f"{name}: meaning"),
            options,
            index=options.index(current) if current in options else None,
            format_func=_LABELS.__getitem__,
            placeholder="Choose",
            label_visibility="collapsed",
            key=f"{key}-{value.value}",
        )


def _figures(value: AskedValue) -> str:
    rows = plural(value.rows, "row")
    if value.amount is None:
        return rows
    sign = "−" if value.amount < 0 else ""
    return f"{rows} · {sign}{_amount(abs(value.amount))}"


def _amount(amount: Decimal) -> str:
    return f"{amount:,.2f}"
