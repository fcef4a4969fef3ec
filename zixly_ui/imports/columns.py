"""What the file is: its sheet, the kind of its rows, what its columns say, and what is doubtful."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import streamlit as st

from zixly_data import imports
from zixly_data.identity import Identity
from zixly_data.imports import Kind
from zixly_data.imports.cells.kinds import FIELDS, Field
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.staging import Question, shown
from zixly_ui.components.formatting import plural
from zixly_ui.imports.text import (
    ANSWERS,
    KINDS,
    column_names,
    columns_words,
    question,
    reading,
    remembered_words,
    totals_words,
)
from zixly_ui.imports.workspace import Desk
from zixly_ui.shell.markdown import plain

_EXAMPLES, _LOOKED_AT, _LONGEST = 3, 1_000, 30


def ask_what_it_is(desk: Desk) -> Kind | None:
    """The sheet and the kind; None until somebody has said what the rows are."""
    opened = desk.opened
    assert opened is not None
    if len(opened.tables) > 1:
        names = [
            f"{table.sheet} ({plural(len(table), 'row')})" for table in opened.tables
        ]  # fmt: skip
        sheet = st.selectbox(
            "Which sheet?",
            range(len(names)),
            index=desk.sheet,
            format_func=lambda place: names[place],
            key=f"import-sheet-{desk.number}",
            width=380,
        )
        if sheet != desk.sheet:
            desk.choose_sheet(sheet)
            st.rerun()
    kind = st.radio(
        "What is in the file?",
        list(KINDS),
        index=None if desk.kind is None else list(KINDS).index(desk.kind),
        format_func=lambda each: KINDS[each],
        horizontal=True,
        key=f"import-kind-{desk.number}-{desk.sheet}",
    )
    if kind != desk.kind:
        desk.choose_kind(kind)
        st.rerun()
    if kind is None:
        st.info("The names of the columns do not say what this is. Choose it above.")
    return kind


def ask_for_columns(identity: Identity, desk: Desk) -> bool:
    """What each column says, adjusted by hand where it has to be; whether nothing is missing."""
    kind, table, mapping = desk.kind, desk.table, desk.read(identity)
    assert kind is not None
    gaps = imports.missing(kind, mapping)
    label = "Columns: something is missing" if gaps else "Columns: recognised"
    with st.expander(label, expanded=bool(gaps), icon=":material/view_column:"):
        if gaps:
            st.warning(plain(" ".join(gaps)), icon=":material/help:")
        _columns_form(desk, kind, table, mapping.columns, gaps=bool(gaps))
    notes = [columns_words(kind, mapping.columns, table)]
    notes += [remembered_words(each) for each in _remembered(desk)]
    notes += table.notes
    if table.totals:
        notes.append(totals_words(table.totals))
    st.caption(plain(" ".join(notes)))
    return not gaps


def ask_what_is_doubtful(desk: Desk) -> bool:
    """The questions the file leaves open, each with a cell that shows it; whether all are answered.

    A question stays in sight after its answer, which can be changed.
    """
    mapping = desk.mapping
    assert mapping is not None
    answers = {about: getattr(mapping, about) for about in desk.questions}
    said = {about: _answer(desk, asked, answers[about]) for about, asked in desk.questions.items()}
    if None in said.values():
        st.caption("Nothing is guessed: answer, and you see what the file would do.")
        return False
    if said != answers:
        desk.say(**said)
        st.rerun()
    return True


def _remembered(desk: Desk) -> list[str]:
    """What was answered for an earlier file with these columns, and is not asked again."""
    answers = {about: getattr(desk.mapping, about) for about in ANSWERS}
    return [each for about, each in answers.items() if each and about not in desk.questions]


def _answer(desk: Desk, asked: Question, now: str | None) -> str | None:
    options = ANSWERS[asked.about]
    return st.radio(
        plain(question(asked)),
        options,
        index=None if now is None else options.index(now),
        format_func=lambda each: plain(reading(asked, each)),
        key=f"import-{asked.about}-{desk.number}-{desk.sheet}-{desk.kind}",
    )


def _columns_form(
    desk: Desk, kind: Kind, table: Table, columns: Mapping[str, int], *, gaps: bool
) -> None:
    names = column_names(table.header)
    with st.form(f"import-columns-{desk.number}-{desk.sheet}-{kind}", border=False):
        with st.container(gap="xsmall"):
            chosen = {
                field.name: _column_of(desk, field, table, names, columns.get(field.name))
                for field in FIELDS[kind]
            }
        pressed = st.form_submit_button(
            "Use these columns", type="primary" if gaps else "secondary"
        )
    if pressed:
        desk.questions = {}
        desk.say(
            columns={name: place for name, place in chosen.items() if place is not None},
            date_order=None,
            decimal_mark=None,
        )
        st.rerun()


def _column_of(
    desk: Desk, field: Field, table: Table, names: list[str], now: int | None
) -> int | None:
    label, box, examples = st.columns([3, 4, 6], vertical_alignment="center", gap="small")
    with label:
        st.markdown(plain(field.label))
    with box:
        place = st.selectbox(
            field.label,
            range(len(names)),
            index=now,
            format_func=lambda each: names[each],
            placeholder="No column",
            label_visibility="collapsed",
            key=f"import-column-{desk.number}-{desk.sheet}-{desk.kind}-{field.name}",
        )
    with examples:
        if now is not None:
            st.caption(plain(_examples(table.columns[now])))
    return place


def _examples(cells: tuple[Cell, ...]) -> str:
    texts = (shown(cell) for cell in islice(cells, _LOOKED_AT) if cell is not None)
    few = islice(dict.fromkeys(texts), _EXAMPLES)
    return " · ".join(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in few)
