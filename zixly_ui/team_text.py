"""The team in words: how many there are, and what each role may do."""

from __future__ import annotations

import pandas as pd

from zixly_data.identity import Role
from zixly_ui.chart_style import rows
from zixly_ui.tables import Column
from zixly_ui.text import plural

COLUMNS = (
    Column("full_name", "Name"),
    Column("email", "Email"),
    Column("role_text", "Role"),
    Column("status_text", "Status"),
    Column("created_at", "Since", "date"),
)
# What a person may do, and the least role that may.
RIGHTS = (
    ("See every page, chart and report, and download them", Role.VIEWER),
    ("Add and change clients, figures, lead events and metrics", Role.EDITOR),
    ("Delete what was recorded", Role.EDITOR),
    ("See who is on the team", Role.ADMIN),
)


def answer(members: pd.DataFrame) -> str:
    """How many people may sign in, by role: `3 people: 1 admin, 1 editor and 1 viewer.`"""
    found = rows(members)
    active = [member["role"] for member in found if member["status"] == "ACTIVE"]
    counts = [
        plural(active.count(role), role.label.lower())
        for role in reversed(Role)
        if active.count(role)
    ]
    people = plural(len(active), "person", "people")
    inactive = len(found) - len(active)
    rest = f" {plural(inactive, 'other')} can no longer sign in." if inactive else ""
    listed = " and ".join([", ".join(counts[:-1]), counts[-1]] if len(counts) > 1 else counts)
    return f"{people}: {listed}.{rest}"


def table(members: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """`members` with role and status in words, and the day since when in the tenant's time zone."""
    since = [each.astimezone(time_zone).date() for each in members["created_at"]]
    return members.assign(
        role_text=[Role(role).label for role in members["role"]],
        status_text=[
            "Active" if status == "ACTIVE" else "Cannot sign in" for status in members["status"]
        ],
        created_at=since,
    )


def rights_table() -> str:
    """What each role may do, as Markdown."""
    head = "| | " + " | ".join(role.label for role in Role) + " |"
    lines = [head, "| --- |" + " :---: |" * len(Role)]
    for words, least in RIGHTS:
        cells = ["✓ Yes" if role.includes(least) else "– No" for role in Role]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines)
