"""Texts of the team page: members, roles and their rights, and the effect of each action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from zixly_data.identity import Role
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import plural, short_date
from zixly_ui.components.tables import Column

# Names of the tables on the page.
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
# Rights of people, and the least role with each.
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
    """Return the number of people by role: `3 people: 1 admin, 1 editor and 1 viewer.`"""
    people_rows = rows(members)
    active = [member["role"] for member in people_rows if member["status"] == "ACTIVE"]
    counts = [
        plural(active.count(role), role.label.lower())
        for role in reversed(Role)
        if active.count(role)
    ]
    people = plural(len(active), "person", "people")
    inactive = len(people_rows) - len(active)
    inactive_text = f" {plural(inactive, 'other')} can no longer sign in." if inactive else ""
    roles = " and ".join([", ".join(counts[:-1]), counts[-1]] if len(counts) > 1 else counts)
    return f"{people}: {roles}.{inactive_text}"


def table(members: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """Return `members` with role, status and second factor as text, and the local date they joined.

    Dates are in the time zone of the tenant.
    """
    since = [instant.astimezone(time_zone).date() for instant in members["created_at"]]
    return members.assign(
        role_text=[Role(role).label for role in members["role"]],
        status_text=[_status(status) for status in members["status"]],
        factor_text=["On" if is_on else "Off" for is_on in members["second_factor"]],
        created_at=since,
    )


def invitations_table(pending: pd.DataFrame, time_zone: str) -> pd.DataFrame:
    """Return `pending` with role and state as text, and the local time when each link expires.

    Times are in the time zone of the tenant.
    """
    until = [
        instant.astimezone(time_zone).replace(tzinfo=None) for instant in pending["expires_at"]
    ]
    return pending.assign(
        role_text=[Role(role).label for role in pending["role"]],
        state_text=["Waiting" if state == "OPEN" else "Expired" for state in pending["state"]],
        expires_at=until,
    )


def role_text(role: str) -> str:
    """Return the name of a role and its rights in a few words."""
    return _ROLES[Role(role)]


def a_role(role: str) -> str:
    """Return `an admin`, `a viewer`."""
    label = Role(role).label.lower()
    return f"{'an' if label[0] in 'ae' else 'a'} {label}"


def member_text(member: Mapping[str, Any]) -> str:
    """Return `vera@example.com · Viewer · Active · no second factor`."""
    factor = "second factor on" if member["second_factor"] else "no second factor"
    label, status = Role(member["role"]).label, _status(member["status"])
    return " · ".join((member["email"], label, status, factor))


def invitation_text(invitation: Mapping[str, Any], time_zone: str) -> str:
    """Return the invited person, inviter and role, and the last day of the link."""
    created, until = (
        short_date(invitation[name].astimezone(ZoneInfo(time_zone)).date())
        for name in ("created_at", "expires_at")
    )
    by = f" by {invitation['invited_by']}" if invitation["invited_by"] else ""
    good = "is good until" if invitation["state"] == "OPEN" else "expired on"
    email, role = invitation["email"], a_role(invitation["role"])
    return f"{email} was invited{by} on {created} as {role}. The link {good} {until}."


def security_text(members: pd.DataFrame, is_required: bool) -> str:
    """Return how many people have a second factor, and whether everyone needs one."""
    active = [member for member in rows(members) if member["status"] == "ACTIVE"]
    count = sum(member["second_factor"] for member in active)
    of_all = f"{count} of {plural(len(active), 'person', 'people')} {_has(count)} one."
    if is_required:
        return f"It is **required of everyone**. {of_all}"
    return f"It is up to each person. {of_all}"


def consequence_of_requiring(members: pd.DataFrame, user_id: str) -> str:
    """Return the effect on each person at their next click."""
    without = [
        member
        for member in rows(members)
        if member["status"] == "ACTIVE" and not member["second_factor"]
    ]
    if not without:
        return "Everyone has one already. From now on nobody can switch theirs off."
    you = " You are one of them." if any(member["id"] == user_id for member in without) else ""
    return (
        f"{plural(len(without), 'person', 'people')} {_has(len(without))} none yet. At their next "
        f"click they set one up, with an app on their phone, before they see anything else.{you}"
    )


def consequence_of_deleting(member: Mapping[str, Any]) -> str:
    """Return what a deletion removes and what stays."""
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
    """Return the rights of each role as Markdown."""
    head = "| | " + " | ".join(role.label for role in Role) + " |"
    lines = [head, "| --- |" + " :---: |" * len(Role)]
    for right, least_role in RIGHTS:
        cells = ["✓ Yes" if role.includes(least_role) else "– No" for role in Role]
        lines.append(f"| {right} | {' | '.join(cells)} |")
    return "\n".join(lines)
