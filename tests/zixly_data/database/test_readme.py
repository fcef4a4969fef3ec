"""`sql/README.md` shows the matrix of `permissions.py` and names every file of the folder."""

from __future__ import annotations

from zixly_data.access import table_permissions
from zixly_data.database.migration import SQL
from zixly_data.identity import Role

README = (SQL / "README.md").read_text()
LETTERS = {"select": "read", "insert": "record", "update": "change", "delete": "remove"}


def matrix() -> str:
    """The matrix as a table: a row per table, a column per role."""
    lines = ["| Table | VIEWER | EDITOR | ADMIN |", "| --- | --- | --- | --- |"]
    for table, rights in table_permissions.TABLES.items():
        cells = [
            ", ".join(word for verb, word in LETTERS.items() if role in rights.roles(verb)) or "–"
            for role in Role
        ]
        lines.append(f"| `{table}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def test_the_matrix_is_the_one_of_permissions() -> None:
    assert matrix() in README


def test_every_file_is_named() -> None:
    files = [path.relative_to(SQL).as_posix() for path in SQL.rglob("*.sql")]
    assert len(files) >= 9
    assert [file for file in files if f"`{file}`" not in README] == []
