"""Describing the file: its sheet, the kind of its rows, its columns, and ambiguous cells."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import streamlit as st

from zixly_data import imports
from zixly_data.identity import Identity
from zixly_data.imports import Kind
from zixly_data.imports.cells.kinds import FIELDS, FileField
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.rows.questions import Question
from zixly_data.imports.rows.staged import cell_text
from zixly_ui.components.formatting import plural
from zixly_ui.imports.tax import ask_for_tax
from zixly_ui.imports.text import (
    KINDS,
    OPTIONS,
    column_names,
    columns_text,
    option_text,
    question_text,
    remembered_text,
    totals_text,
)
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell.markdown import plain, plain_options

_EXAMPLES, _SAMPLE_SIZE, _LONGEST = 3, 1_000, 30


def ask_for_kind(workspace: Workspace) -> Kind | None:
    """Ask for the sheet and the kind; None until a kind is chosen."""
    opened = workspace.opened
    assert opened is not None
    if len(opened.tables) > 1:
        names = [
            f"{table.sheet} ({plural(len(table), 'row')})" for table in opened.tables
        ]  # fmt: skip
        sheet = st.selectbox(
            "Which sheet?",
            range(len(names)),
            index=workspace.sheet,
            format_func=lambda place: names[place],
            key=f"import-sheet-{workspace.number}",
            width=380,
        )
        if sheet != workspace.sheet:
            workspace.choose_sheet(sheet)
            st.rerun()
    kind = st.radio(
        "What is in the file?",
        list(KINDS),
        index=None if workspace.kind is None else list(KINDS).index(workspace.kind),
        format_func=plain_options(KINDS.__getitem__),
        horizontal=True,
        key=f"import-kind-{workspace.number}-{workspace.sheet}",
    )
    if kind != workspace.kind:
        workspace.choose_kind(kind)
        st.rerun()
    if kind is None:
        st.info("The column names do not show what the file contains. Choose an option above.")
    return kind


def ask_for_columns(identity: Identity, workspace: Workspace) -> bool:
    """Let the person change the column of each field; return whether none is missing."""
    kind, table, mapping = workspace.kind, workspace.table, workspace.ensure_mapping(identity)
    assert kind is not None
    missing = imports.missing_columns(kind, mapping)
    label = "Columns: some are missing" if missing else "Columns: recognised"
    with st.expander(label, expanded=bool(missing), icon=":material/view_column:"):
        if missing:
            st.warning(plain(" ".join(missing)), icon=":material/help:")
        _columns_form(workspace, kind, table, mapping.columns, is_missing=bool(missing))
    notes = [columns_text(kind, mapping.columns, table)]
    notes += [remembered_text(option) for option in _remembered(workspace)]
    notes += table.notes
    if table.totals:
        notes.append(totals_text(table.totals))
    st.caption(plain(" ".join(notes)))
    return not missing


def ask_questions(workspace: Workspace) -> bool:
    """Ask the questions about ambiguous columns; return whether all are answered.

    An answered question stays visible, so that its answer can be changed.
    """
    mapping = workspace.mapping
    assert mapping is not None
    decided = {about: getattr(mapping, about) for about in workspace.questions}
    choices = {
        about: _ask_question(workspace, question, decided[about])
        for about, question in workspace.questions.items()
    }
    if None in choices.values():
        st.caption("Answer each question to see what the file would change.")
        return False
    if choices != decided:
        workspace.update_mapping(**choices)
        st.rerun()
    return True


def _remembered(workspace: Workspace) -> list[str]:
    """Return the options remembered from an earlier file with these columns, not asked again."""
    decided = {about: getattr(workspace.mapping, about) for about in (*OPTIONS, "currency")}
    return [
        option for about, option in decided.items() if option and about not in workspace.questions
    ]


def _ask_question(workspace: Workspace, question: Question, current: str | None) -> str | None:
    if question.about == "tax":
        return ask_for_tax(workspace, question, current)
    options = OPTIONS.get(question.about, tuple(question.meanings))
    return st.radio(
        plain(question_text(question)),
        options,
        index=None if current is None else options.index(current),
        format_func=plain_options(lambda option: option_text(question, option)),
        key=f"import-{question.about}-{workspace.number}-{workspace.sheet}-{workspace.kind}",
    )


def _columns_form(
    workspace: Workspace, kind: Kind, table: Table, columns: Mapping[str, int], *, is_missing: bool
) -> None:
    names = column_names(table.header)
    with st.form(f"import-columns-{workspace.number}-{workspace.sheet}-{kind}", border=False):
        with st.container(gap="xsmall"):
            places = {
                field.name: _ask_for_column(workspace, field, table, names, columns.get(field.name))
                for field in FIELDS[kind]
            }
        is_submitted = st.form_submit_button(
            "Use these columns", type="primary" if is_missing else "secondary"
        )
    if is_submitted:
        workspace.questions = {}
        # A column belongs to one field: of two, it goes to the one for which it was chosen now.
        changed = {name for name, place in places.items() if place != columns.get(name)}
        taken = {places[name] for name in changed}
        workspace.update_mapping(
            columns={
                name: place
                for name, place in places.items()
                if place is not None and (name in changed or place not in taken)
            },
            date_order=None,
            decimal_mark=None,
            currency=None,
            negative=None,
            tax=None,
        )
        st.rerun()


def _ask_for_column(
    workspace: Workspace, field: FileField, table: Table, names: list[str], current: int | None
) -> int | None:
    label, select, examples = st.columns([3, 4, 6], vertical_alignment="center", gap="small")
    with label:
        st.markdown(plain(field.label))
    with select:
        place = st.selectbox(
            field.label,
            range(len(names)),
            index=current,
            format_func=lambda place: names[place],
            placeholder="No column",
            label_visibility="collapsed",
            key=f"import-column-{workspace.number}-{workspace.sheet}-{workspace.kind}-{field.name}",
        )
    with examples:
        if current is not None:
            st.caption(plain(_examples(table.columns[current])))
    return place


def _examples(cells: tuple[Cell, ...]) -> str:
    texts = (cell_text(cell) for cell in islice(cells, _SAMPLE_SIZE) if cell is not None)
    few = islice(dict.fromkeys(texts), _EXAMPLES)
    return " · ".join(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in few)
