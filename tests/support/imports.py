"""Short functions for an editor's imports, and the contents of the tables before and after."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from zixly_data.database.connection import scoped
from zixly_data.identity import Identity
from zixly_data.imports import (
    Action,
    ImportResult,
    Kind,
    Mapping,
    Proposal,
    confirm,
    propose,
    suggest,
)
from zixly_data.imports.files.opening import open_file
from zixly_data.imports.matches.targets import TARGETS

RECORDS = ("client_kpis", "financials", "overheads", "lead_events", "custom_metrics")
# `version` and `updated_at` increase when an import is undone: a person may still have the imported
# row open in a form, and must not be able to overwrite the restored row unnoticed.
COUNTED_ON = ("version", "updated_at")

Rows = dict[str, dict[str, Any]]


def proposed(
    identity: Identity, kind: Kind, text: str | bytes, name: str = "file.csv", **settled: Any
) -> Proposal:
    """The proposal for a CSV with the columns as suggested; `settled` are parts of the mapping."""
    data = text.encode() if isinstance(text, str) else text
    opened = open_file(name, data)
    mapping = replace(suggest(identity, kind, opened.tables[0]), **settled)
    return propose(identity, kind, opened, mapping)


def mapped(
    identity: Identity, kind: Kind, text: str, columns: Map[str, int], **settled: Any
) -> Proposal:
    """The proposal for a CSV with exactly these columns."""
    opened = open_file("file.csv", text.encode())
    return propose(identity, kind, opened, Mapping(columns, **settled))


def imported(identity: Identity, kind: Kind, text: str, **settled: Any) -> ImportResult:
    """Proposes and confirms; every row has to be ready."""
    return confirm(identity, proposed(identity, kind, text, **settled))


def did(proposal: Proposal) -> str:
    """The actions of the rows as letters: N(ew), C(hanged), U(nchanged), R(ejected), L(eft out)."""
    return "".join(action[0] for action in proposal.actions)


def reasons(proposal: Proposal) -> list[str]:
    """Every reason for which a row is rejected, in the order of the file."""
    return [
        problem.reason
        for row in proposal.rows(Action.REJECTED)
        for problem in proposal.problems[row]
    ]


def counts(proposal: Proposal | ImportResult) -> dict[str, int]:
    """The counts that are not zero."""
    return {action.value: count for action, count in proposal.counts.items() if count}


def books_of(identity: Identity, *but: str) -> dict[str, Rows]:
    """Every complete row of the records as the person sees it, by table and id; without the columns
    `but`."""
    tables: dict[str, Rows] = {}
    with scoped(identity) as connection:
        for name in RECORDS:
            query = sa.text(f"select to_jsonb(r) from {name} as r where tenant_id = :tenant")
            rows = connection.execute(query, {"tenant": identity.tenant_id}).scalars()
            tables[name] = {
                row["id"]: {x: value for x, value in row.items() if x not in but} for row in rows
            }
    return tables


def rows_of(identity: Identity, kind: Kind) -> Rows:
    """The rows of the table behind a kind of import."""
    return books_of(identity)[TARGETS[kind].table.name]
