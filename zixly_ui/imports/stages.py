"""Decisions for stages of the file that are none of ours: one of ours, a new one, or leave out."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from zixly_data.identity import Identity, Role
from zixly_data.imports import LEAVE_OUT, Proposal
from zixly_data.imports.cells.mapping import NEW_STAGE
from zixly_data.imports.references import normalise_name
from zixly_data.imports.rows.questions import UnknownStage
from zixly_data.tables.lead_stages import STATUSES
from zixly_ui.components.formatting import plural
from zixly_ui.imports.text import decided_text, join_parts
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell.markdown import plain

# A pipeline has few stages. A column with more values holds something else.
_MOST_SHOWN = 30


def ask_about_stages(identity: Identity, workspace: Workspace, proposal: Proposal) -> None:
    """Ask for a decision about each unknown stage; its rows cannot be imported without one."""
    unknown, mapping = proposal.staged.unknown_stages, workspace.mapping
    if not unknown or mapping is None:
        return
    undecided = [stage for stage in unknown if stage.decision is None]
    label = (
        f"{plural(len(undecided), 'unknown stage')} in the file"
        if undecided
        else f"Stages: {_summary(workspace, unknown)}"
    )
    with st.expander(label, expanded=bool(undecided), icon=":material/stairs:"):
        ordered = [*undecided, *(stage for stage in unknown if stage.decision is not None)]
        _form(identity, workspace, proposal, ordered[:_MOST_SHOWN], mapping.stages)
        if len(ordered) > _MOST_SHOWN:
            st.caption(
                f"{len(ordered) - _MOST_SHOWN:,} more to choose for after these. So many stages "
                "may mean that another column has them."
            )
        if identity.role is not Role.ADMIN:
            st.caption("An administrator can also add a stage of the file as a new one.")


def _form(
    identity: Identity,
    workspace: Workspace,
    proposal: Proposal,
    shown: list[UnknownStage],
    decisions: Mapping[str, str],
) -> None:
    ours = [stage.stage for stage in proposal.reference_data.stages if not stage.is_retired]
    with st.form(f"import-stages-{workspace.number}-{workspace.sheet}", border=False):
        choices = {
            normalise_name(stage.name): _choice(workspace, stage, _options(identity, stage, ours))
            for stage in shown
        }
        is_submitted = st.form_submit_button("Use these stages")
    if is_submitted:
        chosen = {name: choice for name, choice in choices.items() if choice}
        others = {name: choice for name, choice in decisions.items() if name not in choices}
        workspace.update_mapping(stages=others | chosen)
        st.rerun()


def _options(identity: Identity, stage: UnknownStage, ours: list[str]) -> dict[str, str]:
    """Return the label of each choice for a stage, the most likely first."""
    labels = {name: f"Same as {name}" for name in (*stage.similar, *ours)}
    if identity.role is Role.ADMIN:
        labels |= {
            f"{NEW_STAGE}{status}": f"Add “{stage.new_name}” as a new {status.lower()} stage"
            for status in STATUSES
        }
    return labels | {LEAVE_OUT: "Leave out its rows"}


def _choice(workspace: Workspace, stage: UnknownStage, labels: Mapping[str, str]) -> str | None:
    options = list(labels)
    # A likely one is chosen already, and applies only once the form is sent.
    choice = stage.decision or stage.likely
    return st.selectbox(
        plain(f"{stage.name} · {plural(stage.rows, 'row')}"),
        options,
        index=options.index(choice) if choice in options else None,
        format_func=lambda option: labels.get(option, option),
        width=480,
        placeholder="Choose one of your stages",
        key=f"import-stage-{workspace.number}-{workspace.sheet}-{stage.name}",
    )


def _summary(workspace: Workspace, unknown: list[UnknownStage]) -> str:
    choices = [stage.decision or "" for stage in unknown]
    left_out = choices.count(LEAVE_OUT)
    new = sum(choice.startswith(NEW_STAGE) for choice in choices)
    ours = len(choices) - left_out - new
    named = ((ours, "same as yours"), (new, "added"), (left_out, "left out"))
    summary = join_parts([f"{count:,} {label}" for count, label in named if count])
    remembered = workspace.remembered.stages if workspace.remembered else {}
    names = {normalise_name(stage.name): stage.decision for stage in unknown}
    again = sum(remembered.get(name) == decision for name, decision in names.items())
    return decided_text(summary, again, len(unknown))
