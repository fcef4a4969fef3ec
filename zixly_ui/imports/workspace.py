"""What lies on a person's desk while they import: the file, what they said of it, the proposal.

It belongs to one browser session and is cleared when the import is done or another file is taken.
The file's bytes are not kept, and a file is read and weighed once for each thing said of it.

A click starts a new run while the one before may still be at work, even inside a transaction.
`lock` makes the new one wait for its end, so that no page says "nothing was imported" before that
is certain.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, TypeVar

import streamlit as st

from zixly_data import imports
from zixly_data.identity import Identity
from zixly_data.imports import Action, Imported, Kind, Mapping, Proposal, previews
from zixly_data.imports.cells.table import OpenedFile, Table
from zixly_data.imports.staging import Question
from zixly_ui.shell.retrying import retry

Made = TypeVar("Made")

_SLOT = "import-desk"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Done:
    """An import that was confirmed. `left_out` is the file of its rejected rows, if there were."""

    id: str
    kind: Kind
    file_name: str
    counts: Map[Action, int]
    left_out: bytes = b""


@dataclass
class Desk:
    """`number` changes with the file, so that no widget of one file answers for another."""

    owner: tuple[str, str]
    number: int = field(default_factory=lambda: next(_numbers))
    opened: OpenedFile | None = None
    sheet: int = 0
    kind: Kind | None = None
    mapping: Mapping | None = None
    questions: dict[str, Question] = field(default_factory=dict)
    proposal: Proposal | None = None
    refusal: str = ""
    notice: str = ""
    wants_import: bool = False
    done: Done | None = None
    lock: Any = field(default_factory=RLock)
    _views: dict[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The sheet that was chosen, of a file that is there."""
        assert self.opened is not None
        return self.opened.tables[self.sheet]

    def clear(self) -> None:
        """Puts everything away, ready for another file."""
        self.number = next(_numbers)
        self.opened = self.kind = self.mapping = self.proposal = self.done = None
        self.sheet, self.wants_import = 0, False
        self.refusal = self.notice = ""
        self.questions, self._views = {}, {}

    def take(self, opened: OpenedFile) -> None:
        """Another file."""
        self.clear()
        self.opened = opened
        self.kind = imports.guess_kind(self.table)

    def choose_sheet(self, sheet: int) -> None:
        """Another sheet of the workbook."""
        self.sheet = sheet
        self.choose_kind(imports.guess_kind(self.table) or self.kind)

    def choose_kind(self, kind: Kind | None) -> None:
        """What the rows are. What was said of the columns counted for what they were before."""
        self.kind, self.mapping, self.questions = kind, None, {}
        self.forget_proposal()

    def say(self, **what: Any) -> None:
        """Says something else of the file: fields of the mapping."""
        assert self.mapping is not None
        self.mapping = replace(self.mapping, **what)
        self.forget_proposal()

    def forget_proposal(self) -> None:
        """It has to be made again."""
        self.put(None)
        self.notice = ""

    def put(self, proposal: Proposal | None) -> None:
        """Another proposal for the same file."""
        self.proposal = proposal
        self._views = {}

    @property
    def counts(self) -> Map[Action, int]:
        """How many rows of each action the proposal has."""
        return self.view("counts", lambda proposal: proposal.counts)

    def view(self, name: str, make: Callable[[Proposal], Made]) -> Made:
        """What `make` shows of the proposal, made once for it."""
        assert self.proposal is not None
        if name not in self._views:
            self._views[name] = make(self.proposal)
        made: Made = self._views[name]
        return made

    def read(self, identity: Identity) -> Mapping:
        """What was said of the columns: at first what is suggested."""
        if self.mapping is None:
            assert self.kind is not None
            kind, table = self.kind, self.table
            self.mapping = retry(lambda: imports.suggest(identity, kind, table))
        return self.mapping

    def evaluate(self, identity: Identity) -> Proposal:
        """The proposal for the file as it is read now. Needs every required column."""
        with self.lock:
            proposal = self.proposal
            if proposal is None or not self._is_about_this(proposal):
                mapping = self.read(identity)
                opened, kind, sheet = self.opened, self.kind, self.sheet
                assert opened is not None
                assert kind is not None
                words = f"Comparing {len(self.table):,} rows with what is in Zixly …"
                with st.spinner(words, show_time=True):
                    proposal = retry(
                        lambda: imports.propose(identity, kind, opened, mapping, sheet)
                    )
                    self.put(proposal)
            self.questions |= {each.about: each for each in proposal.staged.questions}
            return proposal

    def _is_about_this(self, proposal: Proposal) -> bool:
        """Whether nothing else was said of the file while the proposal was being made."""
        return (
            proposal.mapping is self.mapping
            and proposal.kind is self.kind
            and proposal.table is self.table
        )

    def finish(self, imported: Imported) -> None:
        """The import is done: what is left of it is what undoes it, and the rows left out."""
        proposal = self.proposal
        assert proposal is not None
        rejected = bool(proposal.counts[Action.REJECTED])
        done = Done(
            imported.id,
            proposal.kind,
            proposal.file_name,
            imported.counts,
            previews.rejected_file(proposal) if rejected else b"",
        )
        self.clear()
        self.done = done


def desk_of(identity: Identity) -> Desk:
    """The desk of this browser session. Nobody finds what somebody else left on it."""
    owner = (identity.tenant_id, identity.user_id)
    desk: Desk | None = st.session_state.get(_SLOT)
    if desk is None or desk.owner != owner:
        desk = st.session_state[_SLOT] = Desk(owner)
    return desk
