"""The workspace of an import: the file, its mapping and the proposal, in one browser session.

It is cleared when the import is finished or another file is taken. The file's bytes are not kept,
and a proposal is made once for each change of the mapping.

A click starts a new run while the previous one may still be active, even inside a transaction.
`lock` makes the new run wait for its end, so that no page shows "nothing was imported" before that
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
from zixly_data.imports import Action, ImportResult, Kind, Mapping, Proposal, previews
from zixly_data.imports.cells.table import OpenedFile, Table
from zixly_data.imports.rows.questions import Question
from zixly_ui.shell.retrying import retry

View = TypeVar("View")

_SLOT = "import-desk"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class FinishedImport:
    """A confirmed import. `left_out` is the file of its rejected rows, empty if there are none."""

    id: str
    kind: Kind
    file_name: str
    counts: Map[Action, int]
    left_out: bytes = b""


@dataclass
class Workspace:
    """The state of an import. `number` is part of widget keys, so that each file has its own.
    `remembered` is the mapping as it was suggested, with the answers for the last file."""

    owner: tuple[str, str]
    number: int = field(default_factory=lambda: next(_numbers))
    opened: OpenedFile | None = None
    sheet: int = 0
    kind: Kind | None = None
    mapping: Mapping | None = None
    remembered: Mapping | None = None
    questions: dict[str, Question] = field(default_factory=dict)
    proposal: Proposal | None = None
    refusal: str = ""
    notice: str = ""
    import_requested: bool = False
    finished: FinishedImport | None = None
    lock: Any = field(default_factory=RLock)
    _views: dict[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The chosen sheet of the open file."""
        assert self.opened is not None
        return self.opened.tables[self.sheet]

    def clear(self) -> None:
        """Reset everything, ready for another file."""
        self.number = next(_numbers)
        self.opened = self.kind = self.mapping = self.proposal = self.finished = None
        self.sheet, self.import_requested = 0, False
        self.refusal = self.notice = ""
        self.questions, self._views = {}, {}

    def set_file(self, opened: OpenedFile) -> None:
        """Start with another file."""
        self.clear()
        self.opened = opened
        self.kind = imports.guess_kind(self.table)

    def choose_sheet(self, sheet: int) -> None:
        """Switch to another sheet of the workbook."""
        self.sheet = sheet
        self.choose_kind(imports.guess_kind(self.table) or self.kind)

    def choose_kind(self, kind: Kind | None) -> None:
        """Set the kind of the rows, and discard the mapping made for another kind."""
        self.kind, self.mapping, self.questions = kind, None, {}
        self.discard_proposal()

    def update_mapping(self, **fields: Any) -> None:
        """Change fields of the mapping. Other rows may then be possible duplicates."""
        assert self.mapping is not None
        self.mapping = replace(self.mapping, **{"duplicates": None, **fields})
        self.discard_proposal()

    def discard_proposal(self) -> None:
        """Discard the proposal and the notice."""
        self.set_proposal(None)
        self.notice = ""

    def set_proposal(self, proposal: Proposal | None) -> None:
        """Set another proposal for the same file."""
        self.proposal = proposal
        self._views = {}

    @property
    def counts(self) -> Map[Action, int]:
        """The number of rows of each action in the proposal."""
        return self.cached_view("counts", lambda proposal: proposal.counts)

    def cached_view(self, name: str, make: Callable[[Proposal], View]) -> View:
        """Return the result of `make` for the proposal, computed once."""
        assert self.proposal is not None
        if name not in self._views:
            self._views[name] = make(self.proposal)
        view: View = self._views[name]
        return view

    def ensure_mapping(self, identity: Identity) -> Mapping:
        """Return the mapping, initially the suggested one."""
        if self.mapping is None:
            assert self.kind is not None
            kind, table = self.kind, self.table
            self.mapping = retry(lambda: imports.suggest(identity, kind, table))
            self.remembered = self.mapping
        return self.mapping

    def evaluate(self, identity: Identity) -> Proposal:
        """Return the proposal for the current mapping, which needs every required column."""
        with self.lock:
            proposal = self.proposal
            if proposal is None or not self._is_current(proposal):
                mapping = self.ensure_mapping(identity)
                opened, kind, sheet = self.opened, self.kind, self.sheet
                assert opened is not None
                assert kind is not None
                text = f"Comparing {len(self.table):,} rows with your records…"
                with st.spinner(text, show_time=True):
                    proposal = retry(
                        lambda: imports.propose(identity, kind, opened, mapping, sheet)
                    )
                    self.set_proposal(proposal)
            self.questions |= {question.about: question for question in proposal.all_questions}
            return proposal

    def _is_current(self, proposal: Proposal) -> bool:
        """Return whether the proposal was made for the current sheet, kind and mapping."""
        return (
            proposal.mapping is self.mapping
            and proposal.kind is self.kind
            and proposal.table.sheet == self.table.sheet
        )

    def finish(self, imported: ImportResult) -> None:
        """Clear the workspace after the import, and keep its id and its rejected rows."""
        proposal = self.proposal
        assert proposal is not None
        has_rejected = bool(proposal.counts[Action.REJECTED])
        finished = FinishedImport(
            imported.id,
            proposal.kind,
            proposal.file_name,
            imported.counts,
            previews.rejected_file(proposal) if has_rejected else b"",
        )
        self.clear()
        self.finished = finished


def open_workspace(identity: Identity) -> Workspace:
    """Return the workspace of this browser session; another user or tenant gets a new one."""
    owner = (identity.tenant_id, identity.user_id)
    workspace: Workspace | None = st.session_state.get(_SLOT)
    if workspace is None or workspace.owner != owner:
        workspace = st.session_state[_SLOT] = Workspace(owner)
    return workspace
