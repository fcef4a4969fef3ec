"""Clients of the file that Zixly does not know: each is added, is one of ours, or is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from zixly_data.imports import ADD, LEAVE_OUT, Proposal
from zixly_data.imports.clients_in_file import UnknownClient
from zixly_ui.components.formatting import people_order, plural
from zixly_ui.imports.workspace import Desk
from zixly_ui.shell.markdown import plain

# A form of more would be slow to draw, and slower to read.
_AT_ONCE = 20


def ask_about_clients(desk: Desk, proposal: Proposal) -> None:
    """What becomes of each; rows of a client nobody has decided about cannot be imported."""
    mapping = desk.mapping
    unknown = proposal.staged.unknown
    if not unknown or mapping is None:
        return
    decided = mapping.clients
    waiting = [each for each in unknown if each.written not in decided]
    label = (
        f"{plural(len(waiting), 'client')} in the file that Zixly does not know"
        if waiting
        else f"Clients new to Zixly: {_summary(unknown, decided)}"
    )
    with st.expander(label, expanded=bool(waiting), icon=":material/group_add:"):
        if len(waiting) > 1:
            _all_at_once(desk, waiting, decided)
        ordered = [*waiting, *(each for each in unknown if each.written in decided)]
        _form(desk, proposal, ordered[:_AT_ONCE], decided)
        if len(ordered) > _AT_ONCE:
            st.caption(
                f"{len(ordered) - _AT_ONCE:,} more clients come when these are decided about."
            )


def _all_at_once(desk: Desk, waiting: list[UnknownClient], decided: Mapping[str, str]) -> None:
    count = len(waiting)

    def all_become(choice: str) -> Callable[[], None]:
        clients = {**decided, **{each.written: choice for each in waiting}}
        return lambda: desk.say(clients=clients)

    with st.container(horizontal=True):
        st.button(f"Add all {count:,} as new clients", key="import-add-all",
                  on_click=all_become(ADD))  # fmt: skip
        st.button(f"Leave all {count:,} out", key="import-leave-all",
                  on_click=all_become(LEAVE_OUT))  # fmt: skip


def _form(
    desk: Desk,
    proposal: Proposal,
    shown: list[UnknownClient],
    decided: Mapping[str, str],
) -> None:
    names = {each.id: f"It is {each.client_name}" for each in proposal.known.clients}
    words = {ADD: "Add as a new client", LEAVE_OUT: "Leave out its rows", **names}
    others = sorted(names, key=lambda each: people_order(names[each]))
    with st.form(f"import-clients-{desk.number}-{desk.sheet}", border=False):
        chosen = {each.written: _choice(desk, each, words, others, decided) for each in shown}
        pressed = st.form_submit_button("Use these choices")
    if pressed:
        kept = {name: choice for name, choice in decided.items() if name not in chosen}
        desk.say(clients=kept | {name: what for name, what in chosen.items() if what})
        st.rerun()


def _choice(
    desk: Desk,
    unknown: UnknownClient,
    words: Mapping[str, str],
    others: list[str],
    decided: Mapping[str, str],
) -> str | None:
    options = list(dict.fromkeys((*unknown.like, ADD, LEAVE_OUT, *others)))
    now = decided.get(unknown.written)
    return st.selectbox(
        plain(f"{unknown.written} · {plural(unknown.rows, 'row')}"),
        options,
        index=options.index(now) if now in options else None,
        format_func=lambda each: words.get(each, each),
        width=480,
        placeholder="Its rows cannot be imported until you choose",
        key=f"import-client-{desk.number}-{desk.sheet}-{desk.kind}-{unknown.written}",
    )


def _summary(unknown: list[UnknownClient], decided: Mapping[str, str]) -> str:
    said = [decided[each.written] for each in unknown]
    added, left_out = said.count(ADD), said.count(LEAVE_OUT)
    ours = len(said) - added - left_out
    named = ((added, "added"), (ours, "known by another name"), (left_out, "left out"))
    return ", ".join(f"{count:,} {word}" for count, word in named if count)
