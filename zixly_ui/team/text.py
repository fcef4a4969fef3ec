"""The team in words: who there is, what each role may do, and what an action does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from zixly_data.identity import Role
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import plural, short_date
from zixly_ui.components.tables import Column

# The tables on the page, by what a row of each opens.
MEMBER, INVITATION = "member", "invitation"
COLUMNS = (
    Column("full_name", "Name"),
    Column("email", "Email"),
    Column("role_text", "Role"),
    Column("status_text", "Status"),
    Column("factor_text", "Second factor"),
    Column("created_at", "Since", "date"),
)
INVITATIONS = (
    Column("email", "Email"),
    Column("role_text", "Role"),
    Column("state_text", "State"),
    Column("invited_by", "Invited by"),
    Column("expires_at", "Good until", "instant"),
)
# What a person may do, and the least role that may.
RIGHTS = (
    ("See all clients, figures and reports, and download them", Role.VIEWER),
    ("Add and change clients, figures, lead events and metrics", Role.EDITOR),
    ("Delete what was recorded", Role.EDITOR),
    ("Invite people, change their roles, remove their access", Role.ADMIN),
    ("Close months, after which nothing dated in them changes, and reopen them", Role.ADMIN),
    ("Read the audit trail", Role.ADMIN),
)
_ROLES = {
    Role.VIEWER: "Viewer: sees all clients, figures and reports",
    Role.EDITOR: "Editor: also records and changes",
    Role.ADMIN: "Admin: also looks after the team",
}
ABOUT_ONESELF = (
    "This is you. Another role closes this page to you at your next click; deactivating or "
    "deleting yourself signs you out."
)
ABOUT_DEACTIVATING = (
    "Somebody deactivated is signed out everywhere at once. What they recorded stays, and you can "
    "reactivate them."
)
ABOUT_REACTIVATING = "Somebody reactivated signs in with the password they had."


def headline_text(members: pd.DataFrame) -> str:
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
    """`members` with role, status and second factor in words, and the day since when in the
    tenant's time zone."""
    since = [each.astimezone(time_zone).date() for each in members["created_at"]]
    return members.assign(
        role_text=[Role(role).label for role in members["role"]],
        status_text=[_status(status) for status in members["status"]],
        factor_text=["On" if has_one else "Off" for has_one in members["second_factor"]],
        created_at=since,
    )


def invitations_table(pending: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """`pending` with role and state in words, and until when the link is good, as a clock in the
    tenant's time zone shows it."""
    until = [each.astimezone(time_zone).replace(tzinfo=None) for each in pending["expires_at"]]
    return pending.assign(
        role_text=[Role(role).label for role in pending["role"]],
        state_text=["Waiting" if state == "OPEN" else "Expired" for state in pending["state"]],
        expires_at=until,
    )


def role_text(role: str) -> str:
    """What a role is called and may do, in a few words."""
    return _ROLES[Role(role)]


def a_role(role: str) -> str:
    """`an admin`, `a viewer`."""
    label = Role(role).label.lower()
    return f"{'an' if label[0] in 'ae' else 'a'} {label}"


def member_text(member: Mapping[str, Any]) -> str:
    """Who this is: `vera@example.com · Viewer · Active · no second factor`."""
    factor = "second factor on" if member["second_factor"] else "no second factor"
    label, status = Role(member["role"]).label, _status(member["status"])
    return " · ".join((member["email"], label, status, factor))


def invitation_text(invitation: Mapping[str, Any], time_zone: str) -> str:
    """Who was invited by whom as what, and until when the link is good."""
    made, until = (
        short_date(invitation[name].astimezone(ZoneInfo(time_zone)).date())
        for name in ("created_at", "expires_at")
    )
    by = f" by {invitation['invited_by']}" if invitation["invited_by"] else ""
    good = "is good until" if invitation["state"] == "OPEN" else "expired on"
    who, role = invitation["email"], a_role(invitation["role"])
    return f"{who} was invited{by} on {made} as {role}. The link {good} {until}."


def security_text(members: pd.DataFrame, is_required: bool) -> str:
    """Who has a second factor, and whether everyone needs one."""
    active = [each for each in rows(members) if each["status"] == "ACTIVE"]
    have = sum(each["second_factor"] for each in active)
    of_all = f"{have} of {plural(len(active), 'person', 'people')} {_has(have)} one."
    if is_required:
        return f"It is **required of everyone**. {of_all}"
    return f"It is up to each person. {of_all}"


def consequence_of_requiring(members: pd.DataFrame, own_id: str) -> str:
    """What happens to whom at their next click."""
    without = [
        each for each in rows(members) if each["status"] == "ACTIVE" and not each["second_factor"]
    ]
    if not without:
        return "Everyone has one already. From now on nobody can switch theirs off."
    you = " You are one of them." if any(each["id"] == own_id for each in without) else ""
    return (
        f"{plural(len(without), 'person', 'people')} {_has(len(without))} none yet. At their next "
        f"click they set one up, with an app on their phone, before they see anything else.{you}"
    )


def consequence_of_deleting(member: Mapping[str, Any]) -> str:
    """What goes, what stays."""
    return (
        f"{member['full_name']} is signed out and gone from the team for good. The address becomes "
        "free for a new invitation. Their audit entries are archived as a file on the server, and "
        "the audit trail and everything they recorded stay. If they may come back, deactivate "
        "them instead."
    )


def _status(status: str) -> str:
    return "Active" if status == "ACTIVE" else "Cannot sign in"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def rights_table() -> str:
    """What each role may do, as Markdown."""
    head = "| | " + " | ".join(role.label for role in Role) + " |"
    lines = [head, "| --- |" + " :---: |" * len(Role)]
    for words, least in RIGHTS:
        cells = ["✓ Yes" if role.includes(least) else "– No" for role in Role]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines)
