"""What somebody else does to the database meanwhile, or what is really there: as administrator."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def run(admin: sa.Engine, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run a statement in a transaction of its own; returns its rows, if it has any."""
    with admin.begin() as on:
        result = on.execute(sa.text(statement), values)
        return [tuple(row) for row in result] if result.returns_rows else []
