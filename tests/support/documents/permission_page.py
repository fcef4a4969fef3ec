"""`docs/permissions.md`, generated from the tables of permissions. Run it to write it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from zixly_data.access import table_permissions
from zixly_data.access.action_permissions import ACTIONS, COMMANDS, OPERATOR_COMMANDS, PAGES
from zixly_data.identity import Role
from zixly_ui.shell.navigation import MENU

HEAD = """\
# Permissions

There are three roles, which apply within a person's own organisation. Viewers read. Editors also
record, change and delete. Admins also manage people and read the audit trail. People who are
deactivated, or whose session has ended, have no access from their next click.

PostgreSQL enforces permissions at every transaction, with grants and row policies. Pages and
commands check them earlier, so that people see only what they can use. This page is generated from
`zixly_data/access/table_permissions.py` and `zixly_data/access/action_permissions.py` by
`python -m tests.support.documents.permission_page`. Tests compare it with every grant of a
database, and try every combination of a person (each role, a deactivated person, a stranger) with
a page, a command and an action.
"""
VERBS = {"select": "read", "insert": "record", "update": "change", "delete": "remove"}
Row = tuple[str, Role | None]


def page() -> str:
    """The whole page."""
    titles = {
        entry.file.removesuffix(".py"): entry.title for some in MENU.values() for entry in some
    }
    return "\n".join(
        (
            HEAD,
            "## Actions\n",
            *_table("Action", sorted(((label, role) for role, label in ACTIONS.values()), key=_by)),
            "",
            "Changing your own password requires the current one, in every role.\n",
            "## Pages\n",
            *_table("Page", [(titles[name], least) for name, least in PAGES.items()]),
            "",
            "Invitation, Forgotten password, New password and Set up open for people who are not",
            "signed in. Their links decide what these pages do.\n",
            "## Commands\n",
            "`--as EMAIL` acts with the permissions of that user. It also needs the operator's",
            "address of the database.\n",
            *_table("Command", [(f"`{name}`", least) for name, least in COMMANDS.items()]),
            "",
            "Only for the operator of the server, with the administrator's address of the",
            f"database or its files: {', '.join(f'`{name}`' for name in OPERATOR_COMMANDS)}.\n",
            "## Tables\n",
            "`zixly_data/access/table_permissions.py` lists the columns.\n",
            *_tables(),
            "",
        )
    )


def _by(row: Row) -> int:
    return -1 if row[1] is None else list(Role).index(row[1])


def _table(heading: str, rows: Iterable[Row]) -> Iterator[str]:
    yield f"| {heading} | " + " | ".join(role.label for role in Role) + " |"
    yield "| --- |" + " :---: |" * len(Role)
    for label, least in rows:
        cells = ["yes" if least is None or role.includes(least) else "–" for role in Role]
        yield f"| {label} | {' | '.join(cells)} |"


def _tables() -> Iterator[str]:
    yield "| Table | " + " | ".join(role.label for role in Role) + " |"
    yield "| --- |" + " --- |" * len(Role)
    for name, rights in table_permissions.TABLES.items():
        cells = [
            ", ".join(word for verb, word in VERBS.items() if role in rights.roles(verb)) or "–"
            for role in Role
        ]
        yield f"| `{name}` | {' | '.join(cells)} |"


if __name__ == "__main__":
    Path(__file__).parents[3].joinpath("docs", "permissions.md").write_text(page(), "utf-8")
