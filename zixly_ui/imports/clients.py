"""Decisions for unknown clients of the file: add, match to an existing client, or leave out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from zixly_data.imports import ADD, LEAVE_OUT, Kind, Proposal
from zixly_data.imports.rows.questions import UnknownClient
from zixly_ui.components.formatting import people_order, plural
from zixly_ui.imports.text import join_parts
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell.markdown import plain

# A form with more would be slow to draw, and slower to read.
_MOST_SHOWN = 20
# Each choice lists all clients; a form sends no more options than this, but asks for one at least.
_MOST_OPTIONS = 10_000


def ask_about_clients(workspace: Workspace, proposal: Proposal) -> None:
    """Ask for a decision about each unknown client; its rows cannot be imported without one."""
    mapping = workspace.mapping
    unknown = proposal.staged.unknown
    if not unknown or mapping is None:
        return
    decisions = mapping.clients
    undecided = [client for client in unknown if client.name not in decisions]
    label = (
        f"{plural(len(undecided), 'unknown client')} in the file"
        if undecided
        else f"Unknown clients: {_summary(unknown, decisions)}"
    )
    with st.expander(label, expanded=bool(undecided), icon=":material/group_add:"):
        if len(undecided) > 1:
            _offer_all(workspace, undecided, decisions)
        ordered = [*undecided, *(client for client in unknown if client.name in decisions)]
        ours = len(proposal.reference_data.clients)
        most_shown = max(1, min(_MOST_SHOWN, _MOST_OPTIONS // max(1, ours)))
        _form(workspace, proposal, ordered[:most_shown], decisions)
        if len(ordered) > most_shown:
            st.caption(f"{len(ordered) - most_shown:,} more to choose for after these.")
        if proposal.kind is Kind.LEAD_EVENTS:
            st.caption("A new client without a won lead in the file is added as a prospect.")


def _offer_all(
    workspace: Workspace, undecided: list[UnknownClient], decisions: Mapping[str, str]
) -> None:
    count = len(undecided)

    def decide_all(choice: str) -> Callable[[], None]:
        clients = {**decisions, **{client.name: choice for client in undecided}}
        return lambda: workspace.update_mapping(clients=clients)

    with st.container(horizontal=True):
        st.button(f"Add all {count:,} as new clients", key="import-add-all",
                  on_click=decide_all(ADD))  # fmt: skip
        st.button(f"Leave out all {count:,}", key="import-leave-all",
                  on_click=decide_all(LEAVE_OUT))  # fmt: skip


def _form(
    workspace: Workspace,
    proposal: Proposal,
    shown: list[UnknownClient],
    decisions: Mapping[str, str],
) -> None:
    names = {
        client.id: f"Same as {client.client_name}" for client in proposal.reference_data.clients
    }
    labels = {ADD: "Add as a new client", LEAVE_OUT: "Leave out its rows", **names}
    other_ids = sorted(names, key=lambda client_id: people_order(names[client_id]))
    with st.form(f"import-clients-{workspace.number}-{workspace.sheet}", border=False):
        choices = {
            client.name: _choice(workspace, client, labels, other_ids, decisions)
            for client in shown
        }
        is_submitted = st.form_submit_button("Use these choices")
    if is_submitted:
        other_decisions = {
            name: choice for name, choice in decisions.items() if name not in choices
        }
        workspace.update_mapping(
            clients=other_decisions | {name: choice for name, choice in choices.items() if choice}
        )
        st.rerun()


def _choice(
    workspace: Workspace,
    unknown: UnknownClient,
    labels: Mapping[str, str],
    other_ids: list[str],
    decisions: Mapping[str, str],
) -> str | None:
    options = list(dict.fromkeys((*unknown.similar, ADD, LEAVE_OUT, *other_ids)))
    decision = decisions.get(unknown.name)
    return st.selectbox(
        plain(f"{unknown.name} · {plural(unknown.rows, 'row')}"),
        options,
        index=options.index(decision) if decision in options else None,
        format_func=lambda option: labels.get(option, option),
        width=480,
        placeholder="Choose what to do with its rows",
        key=f"import-client-{workspace.number}-{workspace.sheet}-{workspace.kind}-{unknown.name}",
    )


def _summary(unknown: list[UnknownClient], decisions: Mapping[str, str]) -> str:
    choices = [decisions[client.name] for client in unknown]
    added, left_out = choices.count(ADD), choices.count(LEAVE_OUT)
    ours = len(choices) - added - left_out
    named = ((added, "added"), (ours, "same as an existing client"), (left_out, "left out"))
    return join_parts([f"{count:,} {word}" for count, word in named if count])
