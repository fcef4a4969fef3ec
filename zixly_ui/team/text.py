"""Texts of the team page: members, roles and their rights, and the effect of each action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from zixly_data.identity import Role
from zixly_data.values.frames import rows
from zixly_data.values.names import listed
from zixly_ui.components.formatting import plural, short_date
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column

# Names of the tables on the page.
MEMBER, INVITATION = "member", "invitation"
MEMBER_SORTS = (Sort("By name"),)
INVITATION_SORTS = (Sort("Newest first"),)
COLUMNS = (
    Column("full_name", "Name"),
    Column("email", "Email"),
    Column("role_text", "Role"),
    Column("status_text", "Status"),
    Column("factor_text", "Two-step sign-in"),
    Column("created_at", "Joined", "date"),
)
INVITATIONS = (
    Column("email", "Email"),
    Column("role_text", "Role"),
    Column("state_text", "Status"),
    Column("invited_by", "Invited by"),
    Column("expires_at", "Expires", "instant"),
)
# Rights of people, and the least role with each.
RIGHTS = (
    ("See all clients, figures and reports, and download them", Role.VIEWER),
    ("Add and change clients, figures, lead events and metrics", Role.EDITOR),
    ("Delete records", Role.EDITOR),
    ("Invite people, change their roles and remove their access", Role.ADMIN),
    ("Close months, so that nothing in them changes, and reopen them", Role.ADMIN),
    ("Read the audit trail", Role.ADMIN),
)
_ROLES = {
    Role.VIEWER: "Viewer: sees all clients, figures and reports",
    Role.EDITOR: "Editor: also adds and changes records",
    Role.ADMIN: "Admin: also manages the team",
}
ABOUT_ONESELF = (
    "This is you. If you change your role, you lose access to this page at your next click. If you "
    "deactivate or delete yourself, you are signed out."
)
ABOUT_DEACTIVATING = (
    "Deactivating signs the person out everywhere at once. Their records stay, and you can "
    "reactivate them."
)
ABOUT_REACTIVATING = "After reactivation the person signs in with their previous password."


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
    return f"{people}: {listed(counts)}.{inactive_text}"


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
        state_text=["Pending" if state == "OPEN" else "Expired" for state in pending["state"]],
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
    """Return `vera@example.com · Viewer · Active · two-step sign-in off`."""
    factor = f"two-step sign-in {'on' if member['second_factor'] else 'off'}"
    label, status = Role(member["role"]).label, _status(member["status"])
    return " · ".join((member["email"], label, status, factor))


def invitation_text(invitation: Mapping[str, Any], time_zone: str) -> str:
    """Return the invited person, inviter and role, and the last day of the link."""
    created, until = (
        short_date(invitation[name].astimezone(ZoneInfo(time_zone)).date())
        for name in ("created_at", "expires_at")
    )
    by = f" by {invitation['invited_by']}" if invitation["invited_by"] else ""
    expiry = "expires on" if invitation["state"] == "OPEN" else "expired on"
    email, role = invitation["email"], a_role(invitation["role"])
    return f"{email} was invited{by} on {created} as {role}. The link {expiry} {until}."


def security_text(members: pd.DataFrame, is_required: bool) -> str:
    """Return how many people have a second factor, and whether everyone needs one."""
    active = [member for member in rows(members) if member["status"] == "ACTIVE"]
    count = sum(member["second_factor"] for member in active)
    of_all = f"{count} of {plural(len(active), 'person', 'people')} {_has(count)} set it up."
    if is_required:
        return f"It is **required for everyone**. {of_all}"
    return f"It is optional. {of_all}"


def consequence_of_requiring(members: pd.DataFrame, user_id: str) -> str:
    """Return the effect on each person at their next click."""
    without = [
        member
        for member in rows(members)
        if member["status"] == "ACTIVE" and not member["second_factor"]
    ]
    if not without:
        return "Everyone has already set it up. Nobody will be able to turn it off."
    you = " You are one of them." if any(member["id"] == user_id for member in without) else ""
    return (
        f"{plural(len(without), 'person', 'people')} {_has(len(without))} not set it up yet. At "
        f"their next click they must do so, with an app on their phone, before they continue.{you}"
    )


def consequence_of_deleting(member: Mapping[str, Any]) -> str:
    """Return what a deletion removes and what stays."""
    return (
        f"{member['full_name']} is signed out and permanently removed from the team. Their email "
        "address can be invited again. Their audit entries are archived in a file on the server. "
        "The audit trail and everything they recorded stay. If they may return, deactivate them "
        "instead."
    )


def _status(status: str) -> str:
    return "Active" if status == "ACTIVE" else "Deactivated"


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
