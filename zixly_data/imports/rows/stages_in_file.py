"""Resolves the stage of each row of a file of leads.

A stage that is none of ours needs a decision in the mapping: one of our stages, a new one, or to
leave its rows out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from zixly_data.imports.cells.mapping import LEAVE_OUT, NEW_STAGE
from zixly_data.imports.references import ReferencedStage, normalise_name
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.questions import UnknownStage
from zixly_data.imports.rows.staging import RowStager
from zixly_data.tables.lead_stages import LOST, OPEN, STATUSES, WON, LeadStageDraft, takes_no_events

_STAGES_NAMED = 20
# The pipeline behind a stage, as HubSpot writes it: `Closed Won (Sales Pipeline)`.
_PIPELINE = re.compile(r"\s*\([^()]*\)$")
# Stages of other programs by the status that they have for certain.
_STATUSES = {
    WON: frozenset({
        "won", "closed won", "deal won", "closedwon", "closed - won", "customer", "gewonnen",
        "abgeschlossen und gewonnen",
    }),
    LOST: frozenset({
        "lost", "closed lost", "deal lost", "closedlost", "closed - lost", "rejected",
        "disqualified", "unqualified", "abandoned", "verloren", "abgeschlossen und verloren",
    }),
}  # fmt: skip
# `Closed Lost to Competition`
_CLOSED = {WON: ("closed won ", "closed-won ", "closed - won "),
           LOST: ("closed lost ", "closed-lost ", "closed - lost ")}  # fmt: skip


@dataclass(frozen=True)
class FileStage:
    """A stage of the file: ours, a new one, or why there is none."""

    stage: str | None = None
    status: str | None = None
    is_left_out: bool = False
    retired_sentence: str = ""


class FileStages:
    """The stages of a file, each resolved once."""

    def __init__(self, stager: RowStager) -> None:
        self._stager = stager
        self._ours = {normalise_name(stage.stage): stage for stage in stager.reference_data.stages}
        self._active = [stage for stage in stager.reference_data.stages if not stage.is_retired]
        self._stages: dict[str, FileStage] = {}
        self._new: dict[str, LeadStageDraft] = {}
        self._asked: dict[str, str] = {}
        self._rows: Counter[str] = Counter()

    def find(self, text: str) -> FileStage:
        """Return the stage of a row with this text."""
        key = normalise_name(text)
        if key not in self._stages:
            self._stages[key] = self._resolve(key, text)
        if key in self._asked:
            self._rows[key] += 1
        return self._stages[key]

    def report(self) -> None:
        """Add the unknown and the new stages to the staged rows."""
        staged, decisions = self._stager.staged, self._stager.mapping.stages
        staged.new_stages += self._new.values()
        for key, text in self._asked.items():
            stage, decision = self._stages[key], decisions.get(key)
            is_new = (decision or "").startswith(NEW_STAGE) and stage.stage is not None
            similar, likely = similar_stages(text, self._active)
            staged.unknown_stages.append(
                UnknownStage(
                    text,
                    self._rows[key],
                    similar,
                    likely,
                    (stage.stage or "") if is_new else _bare_name(text),
                    None if stage == FileStage() else decision,
                )
            )

    @property
    def unknown_sentence(self) -> str:
        """Why a row at an unknown stage is rejected."""
        names = [stage.stage for stage in self._active]
        named = ", ".join(names[:_STAGES_NAMED])
        rest = len(names) - _STAGES_NAMED
        more = f", and {rest:,} more" if rest > 0 else ""
        return f"There is no such stage. Choose one of these or add it: {named}{more}."

    def _resolve(self, key: str, text: str) -> FileStage:
        ours = self._ours.get(key)
        if ours is not None and not ours.is_retired:
            return FileStage(ours.stage, ours.status)
        decision = self._stager.mapping.stages.get(key, "")
        chosen = self._ours.get(normalise_name(decision))
        if ours is not None and chosen is None:
            sentence = takes_no_events(ours.stage, ours.merged_stage)
            return FileStage(ours.stage, ours.status, retired_sentence=sentence)
        self._asked[key] = text
        if decision == LEAVE_OUT:
            return FileStage(is_left_out=True)
        if decision.startswith(NEW_STAGE) and decision.removeprefix(NEW_STAGE) in STATUSES:
            return self._add(text, decision.removeprefix(NEW_STAGE))
        if chosen is None or chosen.is_retired:
            return FileStage()
        return FileStage(chosen.stage, chosen.status)

    def _add(self, text: str, status: str) -> FileStage:
        """Return the new stage for this text. Two pipelines may have a stage of one name: it is one
        stage if both have its status."""
        draft = LeadStageDraft(_bare_name(text), status)
        same_name = self._new.get(normalise_name(draft.stage))
        if normalise_name(draft.stage) in self._ours or (same_name and same_name.status != status):
            draft = LeadStageDraft(text, status)
        draft = self._new.setdefault(normalise_name(draft.stage), draft)
        return FileStage(draft.stage, draft.status)


def similar_stages(
    text: str, stages: Sequence[ReferencedStage]
) -> tuple[tuple[str, ...], str | None]:
    """Return our stages that a stage of a file may be, the most likely first, and the one that it
    is by its name or its status, if there is one.

    Only open stages are suggested for a similar name alone: `Contact made` is no signed contract.
    """
    bare = normalise_name(_bare_name(text))
    by_name = {normalise_name(stage.stage): stage for stage in stages}
    status = next(
        (
            status
            for status, names in _STATUSES.items()
            if bare in names or bare.startswith(_CLOSED[status])
        ),
        None,
    )
    of_status = [stage.stage for stage in stages if stage.status == status]
    same = [by_name[bare].stage] if bare in by_name else of_status
    open_names = [name for name, stage in by_name.items() if stage.status == OPEN]
    close = [by_name[name].stage for name in get_close_matches(bare, open_names, n=3, cutoff=0.7)]
    return tuple(dict.fromkeys((*same, *close))), same[0] if len(same) == 1 else None


def resolve_stages(stager: RowStager, texts: Sequence[str | None]) -> None:
    """Fill the columns `stage` and `status` from the texts of the file."""
    columns, staged = stager.staged.columns, stager.staged
    stages = FileStages(stager)
    columns["stage"], columns["status"] = [], []
    unknown_sentence = stages.unknown_sentence
    for row, text in enumerate(texts):
        stage = stages.find(text) if text else FileStage()
        if stage.is_left_out:
            staged.left_out.add(row)
        elif text and stage.stage is None:
            stager.reject(row, _column_of(stager, row, text), Cause.UNKNOWN_STAGE, unknown_sentence)
        elif stage.retired_sentence:
            staged.retired[row] = stager.problem(
                row, "stage", Cause.RETIRED_STAGE, stage.retired_sentence
            )
        columns["stage"].append(stage.stage)
        columns["status"].append(stage.status)
    stages.report()


def _column_of(stager: RowStager, row: int, text: str) -> str:
    """Return the field with the text: that a deal was won may stand in a column of its own."""
    if stager.has_column("deal_status") and stager.text("deal_status")[row] == text:
        return "deal_status"
    return "stage"


def _bare_name(text: str) -> str:
    return _PIPELINE.sub("", text).strip() or text
