"""Forms in which nothing typed is lost, every problem stands beside its field, and a second click
does no harm.

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

`draft_id` is made when the form opens and kept until it is saved, so the same draft sent twice is
one record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any, TypeVar
from zlib import crc32

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from zixly_data.errors import AlreadyExists, InvalidInput, MonthClosed, NotFound, StillWriting
from zixly_data.values.dates import parse_date
from zixly_data.values.ids import new_id
from zixly_ui.shell.markdown import plain

Value = TypeVar("Value")

_CONFIRMATION = "form-confirmation"


class EntryForm:
    """One form on one page. `name` is unique on the page; `initial` is shown until changed.

    A form that edits an existing record carries the record's id in its `name`.
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
        """Everything drawn inside is sent together."""
        with st.form(f"{self._slot}-{self.draft_id}", border=border, enter_to_submit=True):
            yield

    def text(
        self, field: str, label: str, *, placeholder: str = "", help: str | None = None
    ) -> None:
        """A line of text: a name, an amount, a code."""
        st.text_input(
            label, key=self._start(field, ""), placeholder=placeholder, help=help, max_chars=None
        )
        self._places[field] = st.empty()

    def password(
        self, field: str, label: str, *, is_new: bool = False, help: str | None = None
    ) -> None:
        """A password: covered, and named so that password managers fill in or keep it."""
        st.text_input(
            label,
            key=self._start(field, ""),
            type="password",
            autocomplete="new-password" if is_new else "current-password",
            help=help,
        )
        self._places[field] = st.empty()

    def day(self, field: str, label: str, *, help: str | None = None) -> None:
        """A calendar date, typed. `initial` may be a date.

        Not st.date_input: whoever types the year 20245 there and presses the button gets, without
        a word, the date that stood there before.
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
        words: Callable[[str], str] = str,
        *,
        of: str = "",
        accepts_new: bool = False,
        placeholder: str | None = None,
        help: str | None = None,
    ) -> None:
        """One of several; `words` turns an option into what a person reads.

        Nothing is chosen at first where `initial` says None. Where the options depend on another
        choice, `of` is that choice, and another one starts anew. `accepts_new` lets a person type
        what is not listed. What was chosen stays when it is deleted meanwhile, so that saving can
        say so instead of taking another.
        """
        self._belongs_to[field] = of
        key = self._start(field, options[0] if options else None)
        known: dict[str, str] = st.session_state.setdefault(f"{key}-known", {})
        known.update((each, words(each)) for each in options)
        chosen = st.session_state[key]
        gone = [chosen] if chosen in known and chosen not in options else []
        st.selectbox(
            label,
            [*options, *gone],
            key=key,
            format_func=lambda each: known.get(each, each),
            accept_new_options=accepts_new,
            placeholder=placeholder,
            help=help,
        )
        self._places[field] = st.empty()

    def submit(self, label: str = "Save", *, destroys: bool = False) -> bool:
        """The form's one obvious action. One that `destroys` something is red, not inviting."""
        self._places[""] = st.empty()
        if destroys:
            return st.form_submit_button(f":red[{label}]", icon=":material/delete_forever:")
        return st.form_submit_button(label, type="primary")

    def value(self, field: str) -> Any:
        """What the field holds, unread: text, a date, an option, or None."""
        return st.session_state.get(self._key(field))

    def read(self, field: str, parse: Callable[[str, str], Value]) -> Value | None:
        """The field's text as `parse(text, field)` understands it.

        If it does not, its sentence appears beside the field, `is_valid` turns false, and the
        answer is None; other fields can still be read, so that all problems show at once.
        """
        try:
            return parse(self.value(field) or "", field)
        except InvalidInput as error:
            self.problem(field, str(error))
            return None

    def read_choice(self, field: str, words: str) -> str | None:
        """The option chosen; `words` say beside the field that one is needed."""
        chosen = self.value(field)
        if isinstance(chosen, str) and chosen:
            return chosen
        self.problem(field, words)
        return None

    def read_day(self, field: str) -> date | None:
        """The field's date; a missing or an impossible one is a problem of the field."""
        return self.read(field, parse_date)

    def ask(self, field: str, question: str) -> bool:
        """Ask beside the field before going on, by a box to tick; whether it has been ticked.

        A question in other words, about another amount, is another question.
        """
        key = self._key(f"{field}-agreed-{crc32(question.encode())}")
        with self._place(field):
            agreed = st.checkbox(f"{plain(question)} Tick here, then save again.", key=key)
        self.is_valid = self.is_valid and agreed
        return agreed

    def problem(self, field: str, words: str) -> None:
        """Say beside the field, or above the button if there is no such field, what is wrong."""
        self.is_valid = False
        self._place(field).markdown(f":red[:material/error: {plain(words)}]")

    @contextmanager
    def problems(self) -> Iterator[None]:
        """Show what saving refuses beside the field it names. Other errors pass through.

        A closed month stands beside the date that lies in it; where it is another one, as when a
        record would leave the month, above the button.
        """
        try:
            yield
        except MonthClosed as error:
            self.problem(self._dated_in(error.month), f"{error} {error.advice}")
        except (InvalidInput, AlreadyExists) as error:
            field = error.field or ""
            self.problem(field, str(error) if field in self._places else f"{error} {error.advice}")
        except (NotFound, StillWriting) as error:
            self.problem("", f"{error} {error.advice}")

    def saved(self, words: str) -> None:
        """Confirm what was saved, empty the form for the next entry, and rerun the page."""
        self.forget()
        confirm(words)
        st.rerun()

    def forget(self) -> None:
        """Start anew: another draft id, and the initial values."""
        st.session_state.pop(self._slot, None)

    def _start(self, field: str, empty: Any) -> str:
        key = self._key(field)
        st.session_state.setdefault(key, self._initial.get(field, empty))
        return key

    def _key(self, field: str) -> str:
        return f"{self.draft_id}-{field}{self._belongs_to.get(field, '')}"

    def _dated_in(self, month: date) -> str:
        """The field with a date of this month; none is the empty name."""
        for field in self._days:
            with suppress(InvalidInput):
                day = parse_date(str(self.value(field) or ""), field)
                if (day.year, day.month) == (month.year, month.month):
                    return field
        return ""

    def _place(self, field: str) -> DeltaGenerator:
        return self._places.get(field) or self._places.get("") or st.empty()


def confirm(words: str) -> None:
    """Keep a confirmation for the next run of a page, where `show_confirmation` shows it."""
    st.session_state[_CONFIRMATION] = words


def show_confirmation() -> None:
    """Show once, at the top of a page, what was confirmed in the run before."""
    words = st.session_state.pop(_CONFIRMATION, None)
    if words:
        st.success(plain(words), icon=":material/check_circle:")
        st.toast(plain(words), icon=":material/check_circle:")
