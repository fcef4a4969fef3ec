"""Whether the amounts of a file include tax, as a question or as a choice."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from zixly_data.imports import Kind, Proposal
from zixly_data.imports.cells.mapping import NO_TAX, TAX_COLUMN
from zixly_data.imports.rows.questions import Question
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell.markdown import plain, plain_options

_OTHER = "OTHER"
_USUAL_RATE = "10"
_HIGHEST_RATE = 99.0


def ask_for_tax(workspace: Workspace, question: Question, current: str | None) -> str | None:
    """Ask whether amounts include tax; return a rate in per cent, NO_TAX or TAX_COLUMN, None until
    it is answered."""
    key = _key(workspace, "tax")
    suggested = [option for option in question.meanings if option != NO_TAX]
    if TAX_COLUMN in suggested:
        options = [TAX_COLUMN, NO_TAX]
        text = (
            f"Do the amounts in “{question.column}” include the tax in "
            f"“{question.meanings[TAX_COLUMN]}”?"
        )
    else:
        options = [*suggested, _OTHER, NO_TAX]
        text = f"Do the amounts in “{question.column}”, such as {question.example}, include tax?"
    chosen = st.radio(
        plain(text),
        options,
        index=None if current is None else options.index(_option(current, options)),
        format_func=plain_options(_label),
        key=key,
    )
    return _rate(current, key) if chosen == _OTHER else chosen


def offer_tax(workspace: Workspace, proposal: Proposal) -> None:
    """Offer to take off a tax that amounts include, in a file that asks nothing about it."""
    mapping = workspace.mapping
    is_of_amounts = proposal.kind in (Kind.FINANCIALS, Kind.OVERHEADS)
    if mapping is None or not is_of_amounts or "tax" in workspace.questions:
        return
    if "tax" in mapping.columns and mapping.tax is None:
        return
    key = _key(workspace, "offered-tax")
    is_included = mapping.tax not in (None, NO_TAX)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wants = st.checkbox("Amounts include tax", is_included, key=key)
        rate = _rate(mapping.tax, key) if wants and mapping.tax != TAX_COLUMN else mapping.tax
    if not wants:
        st.caption("Amounts count as they are in the file.")
    answer = rate if wants else (NO_TAX if is_included else mapping.tax)
    if answer != mapping.tax:
        workspace.update_mapping(tax=answer)
        st.rerun()


def _rate(current: str | None, key: str) -> str:
    is_rate = current not in (None, NO_TAX, TAX_COLUMN)
    rate = st.number_input(
        "Rate in %",
        min_value=0.1,
        max_value=_HIGHEST_RATE,
        value=float(current or _USUAL_RATE) if is_rate else float(_USUAL_RATE),
        step=0.5,
        format="%.2f",
        key=f"{key}-rate",
        width=140,
    )
    return format(Decimal(f"{rate:.2f}").normalize(), "f")


def _option(answer: str, options: list[str]) -> str:
    return answer if answer in options or _OTHER not in options else _OTHER


def _label(option: str) -> str:
    match option:
        case "OTHER":
            return "Yes, at another rate"
        case "NONE":
            return "No, count them as they are"
        case "COLUMN":
            return "Yes, take it off"
    return f"Yes, at {option}%"


def _key(workspace: Workspace, name: str) -> str:
    return f"import-{name}-{workspace.number}-{workspace.sheet}-{workspace.kind}"
