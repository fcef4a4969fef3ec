"""Forms that keep typed input, show each problem beside its field, and tolerate a second click.

    form = EntryForm("financial", id_prefix="fin", initial={"revenue": "1200.00"})
    with form.box():
        form.text("revenue", "Revenue")
        pressed = form.submit("Save")
    if pressed:
        revenue = form.read("revenue", parse_money)
        if form.is_valid:
            with form.problems():
                financials.add(identity, FinancialDraft(…), row_id=form.draft_id)
                form.saved("Saved: Harbor Bridge, March 2024, $1,200.00.")

`draft_id` is created when the form opens and kept until it is saved, so that the same draft sent
twice is one record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any, TypeVar
from zlib import crc32

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from zixly_data.errors import NOT_SAVED, AlreadyExists, InvalidInput, MonthClosed, NotFound
from zixly_data.values.dates import parse_date
from zixly_data.values.ids import new_id
from zixly_ui.shell.errors import message
from zixly_ui.shell.markdown import plain

Value = TypeVar("Value")

_CONFIRMATION = "form-confirmation"
_HELD = "held"
# Pixels of one line in a box of several.
_LINE_HEIGHT = 28


class EntryForm:
    """A form on a page. `name` is unique on the page; `initial` has the values shown at first.

    A form that edits a record includes the id of the record in its `name`.
    """

    def __init__(
        self, name: str, *, id_prefix: str, initial: Mapping[str, Any] | None = None
    ) -> None:
        self._slot = f"form-{name}"
        self._initial = dict(initial or {})
        self._places: dict[str, DeltaGenerator] = {}
        self._belongs_to: dict[str, str] = {}
        self._days: list[str] = []
        self.is_valid = True
        self.draft_id: str = st.session_state.setdefault(self._slot, new_id(id_prefix))

    @contextmanager
    def box(self, *, border: bool = True) -> Iterator[None]:
        """Draw the fields inside as one form, submitted together."""
        with st.form(f"{self._slot}-{self.draft_id}", border=border, enter_to_submit=True):
            yield

    def text(
        self, field: str, label: str, *, placeholder: str = "", help: str | None = None
    ) -> None:
        """Draw a field for a line of text: a name, an amount, a code."""
        st.text_input(
            label, key=self._start(field, ""), placeholder=placeholder, help=help, max_chars=None
        )
        self._places[field] = st.empty()

    def area(
        self, field: str, label: str, *, lines: int, placeholder: str = "", help: str | None = None
    ) -> None:
        """Draw a field for a text of several lines."""
        st.text_area(
            label,
            key=self._start(field, ""),
            placeholder=placeholder,
            help=help,
            height=_LINE_HEIGHT * lines + _LINE_HEIGHT,
        )
        self._places[field] = st.empty()

    def password(
        self, field: str, label: str, *, is_new: bool = False, help: str | None = None
    ) -> None:
        """Draw a password field, named so that password managers fill it in or save it."""
        st.text_input(
            label,
            key=self._start(field, ""),
            type="password",
            autocomplete="new-password" if is_new else "current-password",
            help=help,
        )
        self._places[field] = st.empty()

    def day(self, field: str, label: str, *, help: str | None = None) -> None:
        """Draw a field for a typed calendar date. `initial` may be a date.

        st.date_input is no substitute: after typing the year 20245 it silently keeps the previous
        date.
        """
        first = self._initial.get(field)
        if isinstance(first, date):
            self._initial[field] = f"{first.day}/{first.month}/{first.year}"
        self._days.append(field)
        self.text(field, label, placeholder="31/3/2024", help=help)

    def choice(
        self,
        field: str,
        label: str,
        options: Sequence[str],
        label_of: Callable[[str], str] = str,
        *,
        of: str = "",
        accepts_new: bool = False,
        placeholder: str | None = None,
        help: str | None = None,
    ) -> None:
        """Draw a choice of one option; `label_of` turns an option into its label.

        Nothing is chosen at first if `initial` is None. If the options depend on another choice,
        `of` is that choice, and changing it starts this one anew, with the first option unless
        `initial` is among them. `accepts_new` allows typed
        options. A chosen option stays in the list if it is deleted meanwhile, so that saving can
        report it instead of silently taking another.
        """
        self._belongs_to[field] = of
        first = options[0] if options else None
        if of and self._initial.get(field, first) not in (*options, None):
            st.session_state.setdefault(self._key(field), first)
        key = self._start(field, first)
        labels: dict[str, str] = st.session_state.setdefault(f"{key}-known", {})
        labels.update((option, label_of(option)) for option in options)
        value = st.session_state[key]
        removed = [value] if value in labels and value not in options else []
        st.selectbox(
            label,
            [*options, *removed],
            key=key,
            format_func=lambda option: labels.get(option, option),
            accept_new_options=accepts_new,
            placeholder=placeholder,
            help=help,
        )
        self._places[field] = st.empty()

    def submit(self, label: str = "Save", *, destroys: bool = False) -> bool:
        """Draw the submit button. If it `destroys` something, it is red instead of primary."""
        self._places[""] = st.empty()
        if destroys:
            is_pressed = st.form_submit_button(f":red[{label}]", icon=":material/delete_forever:")
        else:
            is_pressed = st.form_submit_button(label, type="primary")
        if is_pressed:
            st.session_state.pop(self._key(_HELD), None)
        return is_pressed

    def value(self, field: str) -> Any:
        """Return the unparsed value of the field: text, a date, an option, or None."""
        return st.session_state.get(self._key(field))

    def initial(self, field: str) -> Any:
        """Return what the form was opened with for this field, drawn or not; None if nothing."""
        return self._initial.get(field)

    def read(self, field: str, parse: Callable[[str, str], Value]) -> Value | None:
        """Return the text of the field, parsed with `parse(text, field)`.

        If `parse` refuses, its message appears beside the field, `is_valid` turns false, and the
        result is None; other fields can still be read, so that all problems show at once.
        """
        try:
            return parse(self.value(field) or "", field)
        except InvalidInput as error:
            self.problem(field, str(error))
            return None

    def read_choice(self, field: str, message: str) -> str | None:
        """Return the chosen option; without one, show `message` beside the field."""
        option = self.value(field)
        if isinstance(option, str) and option:
            return option
        self.problem(field, message)
        return None

    def read_day(self, field: str) -> date | None:
        """Return the date in the field; show a problem if it is missing or impossible."""
        return self.read(field, parse_date)

    def ask(self, field: str, question: str) -> bool:
        """Show a question with a checkbox beside the field; return whether it is ticked.

        A different wording, such as another amount, is a new question.
        """
        key = self._key(f"{field}-agreed-{crc32(question.encode())}")
        with self._place(field):
            is_agreed = st.checkbox(f"{plain(question)} Tick to confirm, then save again.", key=key)
        self.is_valid = self.is_valid and is_agreed
        return is_agreed

    def confirmed(
        self, draft: Value | None, question_of: Callable[[Value], str | None], label: str
    ) -> Value | None:
        """Return the submitted draft, or None until the person agrees if there is a question.

        `label` is that of the button which agrees. The question is about the draft as it was
        submitted: submitting another one ends it, and cancelling leaves the form as it is.
        """
        slot = self._key(_HELD)
        if draft is not None:
            with self.problems():
                question = question_of(draft)
                if question is None:
                    return draft
                st.session_state[slot] = draft, question
        if slot not in st.session_state:
            return None
        held, question = st.session_state[slot]
        place = st.empty()
        with place.container(border=True, key=f"{slot}-question"):
            st.markdown(f":material/content_copy: {plain(question)}")
            with st.container(horizontal=True):
                is_agreed = st.button(label, type="primary", key=f"{slot}-yes")
                is_cancelled = st.button("Cancel", key=f"{slot}-no")
        if is_agreed or is_cancelled:
            del st.session_state[slot]
            place.empty()
        return held if is_agreed else None

    def problem(self, field: str, message: str) -> None:
        """Show the message beside the field, or above the button if there is no such field."""
        self.is_valid = False
        self._place(field).markdown(f":red[:material/error: {plain(message)}]")

    @contextmanager
    def problems(self) -> Iterator[None]:
        """Show errors of saving beside the field they name. Other errors pass through.

        A closed month is shown beside the date that lies in it, or above the button if no date of
        the form does, as when a record would leave the month.
        """
        try:
            yield
        except MonthClosed as error:
            self.problem(self._dated_in(error.month), f"{error} {error.advice}")
        except (InvalidInput, AlreadyExists) as error:
            field = error.field or ""
            self.problem(field, str(error) if field in self._places else f"{error} {error.advice}")
        except (NotFound, *NOT_SAVED) as error:
            self.problem("", message(error))

    def saved(self, message: str) -> None:
        """Confirm that the entry was saved, empty the form for the next one, and rerun the page."""
        self.forget()
        confirm(message)
        st.rerun()

    def forget(self) -> None:
        """Start anew, with another draft id and the initial values."""
        st.session_state.pop(self._slot, None)

    def _start(self, field: str, empty: Any) -> str:
        key = self._key(field)
        st.session_state.setdefault(key, self._initial.get(field, empty))
        return key

    def _key(self, field: str) -> str:
        return f"{self.draft_id}-{field}{self._belongs_to.get(field, '')}"

    def _dated_in(self, month: date) -> str:
        """Return the field with a date in the month, or an empty string."""
        for field in self._days:
            with suppress(InvalidInput):
                day = parse_date(str(self.value(field) or ""), field)
                if (day.year, day.month) == (month.year, month.month):
                    return field
        return ""

    def _place(self, field: str) -> DeltaGenerator:
        return self._places.get(field) or self._places.get("") or st.empty()


def confirm(message: str) -> None:
    """Keep a confirmation for the next run of a page, where `show_confirmation` shows it."""
    st.session_state[_CONFIRMATION] = message


def show_confirmation() -> None:
    """Show once, at the top of a page, the confirmation of the run before."""
    message = st.session_state.pop(_CONFIRMATION, None)
    if message:
        st.success(plain(message), icon=":material/check_circle:")
        st.toast(plain(message), icon=":material/check_circle:")
