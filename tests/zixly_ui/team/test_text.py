"""The team in words: what is said of a role is what it may do."""

from __future__ import annotations

from zixly_data.identity import Role
from zixly_ui.shell.navigation import MENU
from zixly_ui.team import text as team_text


def test_a_viewer_is_not_said_to_see_pages_that_are_closed_to_viewers() -> None:
    needed = [entry.menu_role for entries in MENU.values() for entry in entries]
    assert Role.EDITOR in needed
    assert Role.ADMIN in needed
    said = [team_text.role_text(Role.VIEWER)]
    said += [words for words, role in team_text.RIGHTS if role is Role.VIEWER]
    for words in said:
        assert "all clients, figures and reports" in words
        assert "every" not in words
