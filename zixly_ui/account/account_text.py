"""Texts about the account of the signed-in person: password rules, sessions, recovery codes."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zixly_data.access.passwords import LONGEST, SHORTEST
from zixly_ui.components.formatting import plural, short_date

RULES = (
    f"Use {SHORTEST} to {LONGEST} characters. Avoid common passwords and your email address. "
    "A few words in a row are easy to remember."
)


def headline_text(sessions: int, has_second_factor: bool) -> str:
    """Return `You are signed in on 2 devices. Two-step sign-in is off.`"""
    devices = "on this device only" if sessions == 1 else f"on {plural(sessions, 'device')}"
    state = "on" if has_second_factor else "off"
    return f"You are signed in {devices}. Two-step sign-in is {state}."


def last_seen(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return the time of the last request: `Active now`, `12 minutes ago`, `Today at 9:05`.

    An earlier day is written out, `21 Nov 2026 at 14:30`. Times are in the zone.
    """
    ago = now - instant
    if ago < timedelta(minutes=2):
        return "Active now"
    if ago < timedelta(hours=1):
        return f"{plural(int(ago.total_seconds() // 60), 'minute')} ago"
    local = instant.astimezone(zone)
    is_today = local.date() == now.astimezone(zone).date()
    day = "Today" if is_today else short_date(local.date())
    return f"{day} at {local.hour}:{local.minute:02}"


def zone_of(browser: str | None, tenant: str) -> ZoneInfo:
    """Return the time zone of the browser, or of the organisation if the browser's is unknown."""
    try:
        return ZoneInfo(browser or tenant)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(tenant)


def codes_left(count: int) -> str:
    """Return the number of recovery codes left, and what to do when they run out."""
    if count == 0:
        return "No recovery codes left. Set up again to get ten new ones."
    advice = " Set up again to get ten new ones." if count <= 3 else ""
    return f"{plural(count, 'recovery code')} left.{advice}"
