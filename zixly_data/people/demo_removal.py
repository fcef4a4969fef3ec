"""Removing the demo from an organisation: what would go, and taking it away.

PostgreSQL decides what came with the demo (`sql/functions/demo.sql`) and removes it whole or not at
all. There are two cases:

* An active ADMIN whom people added stays. Then the demo's clients, records, rates, metrics and
  people go, and all that people added stays, with the clients of the demo that it belongs to.
* Nobody but the demo's people administers the organisation. Then all of it goes, with what people
  added, its settings and its audit trail, and the installation can be set up as an empty one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from zixly_data.access import one_time_links
from zixly_data.access.one_time_links import LinkState
from zixly_data.database import versioned_rows
from zixly_data.database.connection import reporting, scoped
from zixly_data.errors import Conflict, InvalidInput, MonthClosed, NotConfirmed, NotFound
from zixly_data.identity import Identity
from zixly_data.values.dates import month_name
from zixly_data.values.names import listed

_NOUNS = {
    "client_kpis": ("client", "clients and prospects"),
    "financials": ("financial record", "financial records"),
    "overheads": ("overhead", "overheads"),
    "lead_events": ("lead event", "lead events"),
    "custom_metrics": ("metric value", "metric values"),
    "metric_definitions": ("metric", "metrics"),
    "metric_targets": ("target", "targets"),
    "exchange_rates": ("exchange rate", "exchange rates"),
    "date_notes": ("note on a date", "notes on dates"),
    "users": ("person", "people"),
    "invitations": ("open invitation", "open invitations"),
}


@dataclass(frozen=True)
class DemoContents:
    """What removing the demo does, as counted at one moment.

    `is_whole`: the organisation goes with all that people added. `leaving` and `own` are numbers of
    rows by table: of the demo, and added by people. `changed` of the demo's rows were changed by
    people. `kept_clients` are names of demo clients that stay; `reopened` and `blocked` first days
    of closed months: with nothing but the demo's records, and with records of people beside them.
    """

    organisation: str
    is_whole: bool
    leaving: Mapping[str, int]
    own: Mapping[str, int]
    changed: int
    kept_clients: tuple[str, ...]
    reopened: tuple[date, ...]
    blocked: tuple[date, ...]
    counted: str = field(repr=False)

    @property
    def loses_own(self) -> bool:
        """Whether rows that people added go too."""
        return self.is_whole and any(self.own.values())


def contents(identity: Identity) -> DemoContents | None:
    """Return what is left of the demo in the identity's organisation; None if nothing is.

    Raises AccessDenied unless ADMIN.
    """
    with reporting(identity) as connection:
        return as_contents(connection.execute(sa.text("select app.demo_contents()")).scalar_one())


def remove(
    identity: Identity, seen: DemoContents, typed_name: str, *, with_own: bool = False
) -> str | None:
    """Remove the demo as it was `seen`.

    Returns the token of a set-up link if no organisation is left, otherwise None. `with_own`
    confirms that rows which people added go with the organisation.

    Nothing is changed if anything differs from `seen`: then Conflict is raised with the current
    DemoContents. Raises NotConfirmed unless `typed_name` is the organisation's name, InvalidInput
    (`with_own`), MonthClosed (records of people in a closed month of the demo), NotFound (it is
    gone already), AccessDenied unless ADMIN.
    """
    check(seen, typed_name, with_own=with_own)
    token = one_time_links.new_token()
    with scoped(identity) as connection:
        removed = connection.execute(
            sa.text("select app.remove_demo(cast(:seen as jsonb), :token)"),
            {"seen": seen.counted, "token": token},
        ).scalar_one()
        if not removed:
            now = connection.execute(sa.text("select app.demo_contents()")).scalar_one()
            raise moved(as_contents(now))
    return open_link(token)


def open_link(token: str) -> str | None:
    """Return the token if it opens a set-up link; None if an organisation remains."""
    return token if one_time_links.set_up_link(token) is LinkState.OPEN else None


def check(seen: DemoContents, typed_name: str, *, with_own: bool) -> None:
    """Refuse a removal that was not confirmed or cannot be done. Raises as `remove` does."""
    if typed_name.strip() != seen.organisation:
        raise NotConfirmed("The name you typed is not the name of this organisation.")
    if seen.loses_own and not with_own:
        raise own_not_confirmed("Confirm it, or first invite an administrator of your own.")
    if seen.blocked:
        month = seen.blocked[0]
        raise MonthClosed(
            f"{month_name(month)} is closed and has records of yours beside the demo's, so its "
            "figures would change.",
            month=month,
            advice=versioned_rows.REOPEN,
        )


def own_not_confirmed(advice: str) -> InvalidInput:
    """Return the error for a removal that would delete rows of people without their word."""
    return InvalidInput(
        "What your team added would be deleted with the organisation, so nothing was removed.",
        field="with_own",
        advice=advice,
    )


def consequences(contents: DemoContents) -> list[str]:
    """Return what a removal does, one sentence each, for a page and for the command line."""
    sentences = [f"This deletes what came with the demo: {_counts(contents.leaving)}."]
    if contents.changed:
        changed = (
            "was changed since it was" if contents.changed == 1 else "were changed since they were"
        )
        sentences.append(f"{contents.changed:,} of them {changed} loaded.")
    if contents.is_whole:
        sentences.append(
            f"Only the demo's people administer {contents.organisation}, so the organisation is "
            "deleted with its settings, closed months and audit trail. Then you set up your own. "
            "To keep it instead, first invite an administrator of your own."
        )
        if contents.loses_own:
            sentences.append(f"Your team added {_counts(contents.own)}. They are deleted too.")
        return sentences
    if any(contents.own.values()):
        sentences.append(f"What your team added stays: {_counts(contents.own)}.")
    if contents.kept_clients:
        names = listed(contents.kept_clients)
        sentences.append(f"With records of yours, so that they stay without the demo's: {names}.")
    if contents.reopened:
        months = listed([month_name(month) for month in contents.reopened])
        sentences.append(f"Reopened, as only the demo has records in them: {months}.")
    sentences.append("The demo's people are signed out. The settings and the audit trail stay.")
    return sentences


def _counts(rows: Mapping[str, int]) -> str:
    phrases = [
        f"{rows[table]:,} {nouns[rows[table] != 1]}"
        for table, nouns in _NOUNS.items()
        if rows.get(table)
    ]
    return listed(phrases) if phrases else "nothing"


def as_contents(counted: Mapping[str, Any] | None) -> DemoContents | None:
    """Return the contents as PostgreSQL counted them."""
    if counted is None:
        return None
    months = {
        name: tuple(date.fromisoformat(month) for month in counted[name])
        for name in ("reopened", "blocked")
    }
    return DemoContents(
        organisation=counted["organisation"],
        is_whole=counted["is_whole"],
        leaving=counted["leaving"],
        own=counted["own"],
        changed=counted["changed"],
        kept_clients=tuple(counted["kept_clients"]),
        **months,
        counted=json.dumps(counted),
    )


def moved(current: DemoContents | None) -> Conflict | NotFound:
    """Return the error for contents that are not those that were seen."""
    if current is None:
        return NotFound("The demo was already removed.", advice="Nothing is left to do.")
    return Conflict(
        "Someone changed records in the meantime, so nothing was removed.",
        current=current,
        advice="Look at the numbers again, then remove the demo.",
    )
