"""Decisions for unknown clients of the file: add, match to an existing client, or leave out.

A cell that names several clients, an unknown ID beside a name that is known, and rows without a
client are asked about in the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import streamlit as st

from zixly_data.imports import ADD, LEAVE_OUT, Kind, Proposal
from zixly_data.imports.cells.mapping import OVERHEAD, READ_AS
from zixly_data.imports.rows.client_names import Decisions
from zixly_data.imports.rows.questions import UnknownClient
from zixly_ui.components.formatting import people_order, plural
from zixly_ui.imports.text import decided_text, join_parts, shorten
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
    undecided = [client for client in unknown if client.decision is None]
    label = (
        f"{plural(len(undecided), 'unknown client')} in the file"
        if undecided
        else f"Unknown clients: {_summary(workspace, unknown)}"
    )
    with st.expander(label, expanded=bool(undecided), icon=":material/group_add:"):
        _offer_all(workspace, undecided, decisions)
        ordered = [*undecided, *(client for client in unknown if client.decision is not None)]
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
    """Offer decisions about all of them at once, the most likely first."""

    def decide_all(choices: Mapping[str, str]) -> Callable[[], None]:
        return lambda: workspace.update_mapping(clients={**decisions, **choices})

    plain_names = [client.name for client in undecided if client.is_plain]
    is_of_bills = workspace.cached_view("only-expenses", _has_only_expenses)
    namesakes = {client.name: client.similar[0] for client in undecided if client.client_id}
    with st.container(horizontal=True):
        if is_of_bills and plain_names:
            st.button(_overheads_label(plain_names), key="import-overheads-all",
                      on_click=decide_all(dict.fromkeys(plain_names, OVERHEAD)))  # fmt: skip
        if plain_names:
            st.button(_add_label(plain_names), key="import-add-all",
                      on_click=decide_all(dict.fromkeys(plain_names, ADD)))  # fmt: skip
        if len(namesakes) > 1:
            st.button(f"Match {len(namesakes):,} to your clients of the same name",
                      key="import-match-all", on_click=decide_all(namesakes))  # fmt: skip
        everyone = [client.name for client in undecided]
        if len(everyone) > 1:
            st.button(f"Leave out all {len(everyone):,}", key="import-leave-all",
                      on_click=decide_all(dict.fromkeys(everyone, LEAVE_OUT)))  # fmt: skip


def _add_label(names: list[str]) -> str:
    if len(names) == 1:
        return plain(f"Add {shorten(names[0])} as a new client")
    return f"Add all {len(names):,} as new clients"


def _overheads_label(names: list[str]) -> str:
    if len(names) == 1:
        return "No client: count it as an overhead"
    return f"No clients: count all {len(names):,} as overheads"


def _has_only_expenses(proposal: Proposal) -> bool:
    """Return whether the file is one of bills, which name suppliers rather than clients."""
    if proposal.kind is not Kind.FINANCIALS:
        return False
    return _has_amounts(proposal, "expenses") and not _has_amounts(proposal, "revenue")


def _has_amounts(proposal: Proposal, column: str) -> bool:
    staged = proposal.staged
    return any(
        row not in staged.left_out and Decimal(str(amount or 0))
        for row, amount in enumerate(staged.columns.get(column, ()))
    )


def _form(
    workspace: Workspace,
    proposal: Proposal,
    shown: list[UnknownClient],
    decisions: Mapping[str, str],
) -> None:
    names = {
        client.id: f"Same as {client.client_name}" for client in proposal.reference_data.clients
    }
    other_ids = sorted(names, key=lambda client_id: people_order(names[client_id]))
    with st.form(f"import-clients-{workspace.number}-{workspace.sheet}", border=False):
        choices = {
            client.name: _choice(
                workspace, proposal, client, _options(proposal, client, names, other_ids)
            )
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


def _options(
    proposal: Proposal, unknown: UnknownClient, names: Mapping[str, str], other_ids: list[str]
) -> dict[str, str]:
    """Return the label of each choice for a client, the most likely first."""
    overhead = {OVERHEAD: "No client: an overhead"} if proposal.kind is Kind.FINANCIALS else {}
    leave_out = {LEAVE_OUT: "Leave out its rows"}
    if not unknown.name:
        return {OVERHEAD: "Costs and revenue of no client (overheads)", **leave_out}
    parts = {f"{READ_AS}{part}": f"It is about {part}" for part in unknown.parts}
    similar = {row_id: names[row_id] for row_id in unknown.similar}
    add = "Add as a new client"
    if unknown.client_id:
        add = "Add as another client of this name"
    elif unknown.parts:
        add = "Add as one client, as it stands"
    others = {row_id: names[row_id] for row_id in other_ids}
    return {**parts, **similar, ADD: add, **leave_out, **overhead, **others}


def _question(proposal: Proposal, unknown: UnknownClient) -> str:
    """Return what is asked about a client: its name, or why the name is not enough."""
    rows = plural(unknown.rows, "row")
    if not unknown.name:
        return f"{plural(unknown.rows, 'row names', 'rows name')} no client"
    if unknown.parts:
        return f"{unknown.name} · {rows} · several clients in one cell"
    if unknown.client_id:
        name = proposal.reference_data.by_id[unknown.similar[0]].client_name
        return f"Is {unknown.client_id} your {name}? · {rows}"
    return f"{unknown.name} · {rows}"


def _choice(
    workspace: Workspace, proposal: Proposal, unknown: UnknownClient, labels: Mapping[str, str]
) -> str | None:
    options = list(labels)
    # Amounts of no client are overheads, as a rule. That counts only once the form is sent.
    choice = unknown.decision or (None if unknown.name else OVERHEAD)
    return st.selectbox(
        plain(_question(proposal, unknown)),
        options,
        index=options.index(choice) if choice in options else None,
        format_func=lambda option: labels.get(option, option),
        width=480,
        placeholder="Choose what to do with these rows",
        # With the decision: the empty list of before would undo what a button decided.
        key=f"import-client-{workspace.number}-{workspace.sheet}-{workspace.kind}-{unknown.name}"
        f"-{unknown.decision}",
    )


def _summary(workspace: Workspace, unknown: list[UnknownClient]) -> str:
    choices = [client.decision or "" for client in unknown]
    added, left_out = choices.count(ADD), choices.count(LEAVE_OUT)
    overheads, read = choices.count(OVERHEAD), sum(map(_is_read_as, choices))
    ours = len(choices) - added - left_out - overheads - read
    named = ((added, "added"), (ours, "same as an existing client"), (read, "one of several"),
             (overheads, "counted as overheads"), (left_out, "left out"))  # fmt: skip
    summary = join_parts([f"{count:,} {label}" for count, label in named if count])
    remembered = workspace.remembered
    if remembered is None:
        return summary
    last_time = Decisions(remembered.clients, is_bank=workspace.table.is_bank)
    again = sum(last_time.get(client.name) == client.decision for client in unknown)
    return decided_text(summary, again, len(unknown))


def _is_read_as(choice: str) -> bool:
    return choice.startswith(READ_AS)
