"""Clients and stages of a file that Zixly does not know, with the options to decide about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from zixly_data.cli import tables, terminal
from zixly_data.imports import Kind, Proposal
from zixly_data.imports.rows.questions import UnknownClient

# Clients and stages shown, at most.
MOST_SHOWN = 50


def show_unknown(proposal: Proposal) -> None:
    """Print what is still to be decided."""
    undecided = [client for client in proposal.staged.unknown if client.decision is None]
    _show_clients(proposal, [client for client in undecided if client.is_plain])
    for client in [client for client in undecided if not client.is_plain][:MOST_SHOWN]:
        terminal.result("")
        for line in _describe(proposal, client):
            terminal.result(tables.printable(line))
    _show_stages(proposal)


def _show_clients(proposal: Proposal, clients: Sequence[UnknownClient]) -> None:
    if not clients:
        return
    shown = clients[:MOST_SHOWN]
    is_cut = len(clients) > MOST_SHOWN
    limit = f" (the first {MOST_SHOWN} of {len(clients):,} clients)" if is_cut else ""
    choices = "NAME=ID, NAME=add or NAME=leave-out"
    if proposal.kind is Kind.FINANCIALS:
        choices = "NAME=ID, NAME=add, NAME=overhead or NAME=leave-out"
    terminal.result("")
    terminal.result(f"Unknown clients{limit}: use --client {choices}, or --add-clients")
    _print({
        "name": [client.name for client in shown],
        "rows": [client.rows for client in shown],
        "like": [", ".join(_external_ids(proposal, client)) for client in shown],
    })  # fmt: skip


def _describe(proposal: Proposal, client: UnknownClient) -> Iterator[str]:
    """Return the question about a client that is not simply unknown, and the options for it."""
    rows = "1 row names" if client.rows == 1 else f"{client.rows:,} rows name"
    if not client.name:
        yield f"{rows} no client. Use one of"
        choices = ["overhead", "leave-out"]
    elif client.parts:
        yield f"{rows} several clients, “{client.name}”. Use one of"
        choices = [*(f"as:{part}" for part in client.parts), "add", "leave-out"]
    else:
        names = {ours.id: ours.client_name for ours in proposal.reference_data.clients}
        yield f"Is {client.client_id} your {names[client.similar[0]]}? Use one of"
        choices = [*_external_ids(proposal, client), "add", "leave-out"]
    for choice in choices:
        yield f'  --client "{client.name}={choice}"'


def _show_stages(proposal: Proposal) -> None:
    stages = [stage for stage in proposal.staged.unknown_stages if stage.decision is None]
    if not stages:
        return
    terminal.result("")
    terminal.result(
        "Unknown stages: use --stage VALUE=STAGE, VALUE=new-open (or new-won, new-lost)"
    )
    terminal.result("or VALUE=leave-out")
    _print({
        "stage": [stage.name for stage in stages],
        "rows": [stage.rows for stage in stages],
        "like": [", ".join(stage.similar) for stage in stages],
    })  # fmt: skip
    for stage in stages[:MOST_SHOWN]:
        choice = stage.similar[0] if stage.similar else "…"
        terminal.result(tables.printable(f'  --stage "{stage.name}={choice}"'))


def _external_ids(proposal: Proposal, client: UnknownClient) -> list[str]:
    clients_by_id = proposal.reference_data.by_id
    return [clients_by_id[row_id].client_id for row_id in client.similar]


def _print(columns: dict[str, list[object]]) -> None:
    frame = pd.DataFrame(columns, dtype=object)
    terminal.result(tables.as_text(frame.loc[:, (frame != "").any()]))
