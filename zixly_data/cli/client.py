"""The command `client`: merging clients, and undoing it."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
import typer

from zixly_data.cli import access, tables, terminal
from zixly_data.identity import Identity
from zixly_data.records import client_merges, clients
from zixly_data.records.merge_preview import MergePreview, label
from zixly_data.values.frames import rows

app = typer.Typer(help="Clients: merging two that are one, and undoing it.", no_args_is_help=True)

_HELP = "Its external ID, or its name."


@app.command()
def merge(
    kept: Annotated[str, typer.Argument(metavar="KEEP", help=f"The client to keep. {_HELP}")],
    merged: Annotated[
        str, typer.Argument(metavar="MERGED", help=f"The client to merge into it. {_HELP}")
    ],
    as_email: access.As,
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what would happen, and change nothing.")
    ] = False,
) -> None:
    """Merge a client into another one, which gets all its records."""
    with access.acting_as(as_email) as identity:
        seen = _preview(identity, kept, merged)
        for sentence in seen.sentences:
            terminal.say(tables.printable(sentence))
        if preview:
            return
        merge_id = client_merges.merge(identity, seen)
    terminal.say(
        tables.printable(
            f"Merged {label(seen.merged)} into {label(seen.kept)}. To undo it: client unmerge "
            f"{merge_id}"
        )
    )


@app.command("merges")
def list_all(as_email: access.As) -> None:
    """List the merges of clients, the latest first."""
    with access.acting_as(as_email) as identity:
        merges = rows(client_merges.list_merges(identity))
    terminal.result(tables.as_text(pd.DataFrame({
        "id": [row["id"] for row in merges],
        "merged": [f"{row['merged_name']} ({row['merged_client_id']})" for row in merges],
        "into": [row["kept_name"] for row in merges],
        "rows": [row["rows_moved"] for row in merges],
        "on": [f"{row['created_at']:%Y-%m-%d}" for row in merges],
        "by": [row["merged_by_name"] for row in merges],
        "undone": ["" if row["undone_at"] is None else f"{row['undone_at']:%Y-%m-%d}"
                   for row in merges],
    })))  # fmt: skip


@app.command()
def unmerge(
    merge_id: Annotated[str, typer.Argument(metavar="ID", help="See `client merges`.")],
    as_email: access.As,
) -> None:
    """Undo a merge: every record that moved is as it was before."""
    with access.acting_as(as_email) as identity:
        client_merges.undo(identity, merge_id)
    terminal.say("Undone. Every record that moved is as it was before the merge.")


def _preview(identity: Identity, kept: str, merged: str) -> MergePreview:
    kept_client, merged_client = clients.find(identity, kept), clients.find(identity, merged)
    return client_merges.preview(identity, kept_client.id, merged_client.id)
