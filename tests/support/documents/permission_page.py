"""`docs/permissions.md`, generated from the tables. Run it to update the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from zixly_data.access import table_permissions
from zixly_data.access.action_permissions import ACTIONS, COMMANDS, OPERATOR_COMMANDS, PAGES
from zixly_data.identity import Role
from zixly_ui.shell.navigation import MENU

HEAD = """\
# Permissions

There are three roles, each limited to its own organisation. A viewer reads; an editor also records,
changes and deletes; an admin also manages the team and sees the audit trail. A deactivated person,
or one whose session has ended, can do nothing from their next click.

PostgreSQL enforces this in every transaction with grants and row policies. Pages and commands check
earlier, so that people only see what they can use. This page is generated from
`zixly_data/access/table_permissions.py` and `zixly_data/access/action_permissions.py` with
`python -m tests.support.documents.permission_page`. Tests compare it with every grant in a
database, and try every person (each role, a deactivated person, a stranger) with every page,
command and action.
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
            *_table("Action", sorted(((words, role) for role, words in ACTIONS.values()), key=_by)),
            "",
            "Changing your password requires your current password, in every role.\n",
            "## Pages\n",
            *_table("Page", [(titles[name], least) for name, least in PAGES.items()]),
            "",
            "Invitation, Forgotten password, New password and Set-up are open to people who are",
            "not signed in. The link decides what they can do.\n",
            "## Commands\n",
            "`--as EMAIL` acts with the rights of that user. It also needs the operator's login to",
            "the database.\n",
            *_table("Command", [(f"`{name}`", least) for name, least in COMMANDS.items()]),
            "",
            "Only the operator, with an administrator login to the database or access to the files",
            f"of the server, can run: {', '.join(f'`{name}`' for name in OPERATOR_COMMANDS)}.\n",
            "## Tables\n",
            "The columns are listed in `zixly_data/access/table_permissions.py`.\n",
            *_tables(),
            "",
        )
    )


def _by(row: Row) -> int:
    return -1 if row[1] is None else list(Role).index(row[1])


def _table(what: str, found: Iterable[Row]) -> Iterator[str]:
    yield f"| {what} | " + " | ".join(role.label for role in Role) + " |"
    yield "| --- |" + " :---: |" * len(Role)
    for words, least in found:
        cells = ["yes" if least is None or role.includes(least) else "–" for role in Role]
        yield f"| {words} | {' | '.join(cells)} |"


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
