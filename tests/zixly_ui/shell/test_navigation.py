"""The menu and the files behind it."""

from __future__ import annotations

import ast

import pytest

from zixly_data.identity import Role
from zixly_ui.shell.navigation import MENU, PAGES

ENTRIES = [entry for entries in MENU.values() for entry in entries]
FILES = sorted(PAGES.glob("*.py"))
OPEN_TO_ALL = {"invitation.py", "new_password.py", "forgot_password.py", "set_up.py"}


def test_every_page_is_in_the_menu_and_every_entry_is_a_page() -> None:
    assert sorted(entry.file for entry in ENTRIES) == [file.name for file in FILES]


def test_only_the_pages_that_links_lead_to_are_open_to_all() -> None:
    assert {entry.file for entry in ENTRIES if entry.open_to_all} == OPEN_TO_ALL
    assert all(entry.menu_role is None for entry in ENTRIES if entry.open_to_all)


@pytest.mark.parametrize("file", sorted({file.name for file in FILES} - OPEN_TO_ALL))
def test_every_page_asks_who_is_there_before_anything_else(file: str) -> None:
    """Each page's first statement after its imports is `identity = require_identity(…)`."""
    body = ast.parse((PAGES / file).read_text("utf-8")).body
    first = next(
        node
        for node in body
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        and not _is_constant(node)
    )
    value = first.value if isinstance(first, ast.Assign | ast.Expr) else None
    assert isinstance(value, ast.Call), ast.unparse(first)
    assert isinstance(value.func, ast.Name), ast.unparse(first)
    assert value.func.id == "require_identity"


def test_only_what_is_about_people_or_writes_alone_is_reserved_in_the_menu() -> None:
    reserved = {entry.file for entry in ENTRIES if entry.menu_role not in (Role.VIEWER, None)}
    assert reserved == {
        "organisation.py", "team.py", "audit.py", "enter_month.py", "import_file.py",
        "lead_stages.py",
    }  # fmt: skip


def _is_constant(node: ast.stmt) -> bool:
    """A plain value under a name in capitals, such as `SHOWN_ROWS = 10`."""
    target = node.target if isinstance(node, ast.AnnAssign) else None
    if isinstance(node, ast.Assign):
        target = node.targets[0]
    return isinstance(target, ast.Name) and target.id.isupper()
