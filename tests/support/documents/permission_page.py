"""`docs/permissions.md`, made of the tables that are the truth. Run it to write it anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from zixly_data.access import table_permissions
from zixly_data.access.action_permissions import ACTIONS, COMMANDS, OPERATOR_COMMANDS, PAGES
from zixly_data.identity import Role
from zixly_ui.shell.navigation import MENU

HEAD = """\
# Who may do what

Three roles, and always within one's own organisation. A viewer reads; an editor also records,
changes and deletes; an admin also looks after the people and sees the audit trail. Somebody
deactivated, or with a session that has ended, may do nothing at all, from the next click on.

PostgreSQL decides at every transaction, by grants and row policies; pages and commands ask the same
question earlier, so that nobody is shown what they cannot use. This page is made from
`zixly_data/access/table_permissions.py` and `zixly_data/access/action_permissions.py` by
`python -m tests.support.documents.permission_page`. Tests compare it with every grant of a
database, and try every pair of a person (each role, somebody deactivated, a stranger) and a page, a
command, an action.
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
            "Changing one's own password asks for the present one, whatever the role.\n",
            "## Pages\n",
            *_table("Page", [(titles[name], least) for name, least in PAGES.items()]),
            "",
            "Invitation, Forgotten password, New password and Set-up open for people who are not",
            "signed in; what they do is decided by the link.\n",
            "## Commands\n",
            "`--as EMAIL` acts with the rights of that user. It needs the operator's address of",
            "the database besides.\n",
            *_table("Command", [(f"`{name}`", least) for name, least in COMMANDS.items()]),
            "",
            "The operator of the server alone, with the administrator's address of the database or",
            f"the files of the server: {', '.join(f'`{name}`' for name in OPERATOR_COMMANDS)}.\n",
            "## Tables\n",
            "Which columns stands in `zixly_data/access/table_permissions.py`.\n",
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
