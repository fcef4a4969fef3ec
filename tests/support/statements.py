"""Statements as administrator: changes made by another person, or the actual rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def run(admin: sa.Engine, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run a statement in its own transaction; return its rows, if it has any."""
    with admin.begin() as on:
        result = on.execute(sa.text(statement), values)
        return [tuple(row) for row in result] if result.returns_rows else []
