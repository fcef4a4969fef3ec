"""The order of lead events, which decides the state of a lead. It is defined here and nowhere else.

1. the date;
2. on one date, an event without a time comes before those with one;
3. two events with a time: the time;
4. otherwise, the position of the stage that the event counts as: the further stage is the later
   event;
5. otherwise, the id: the event that was recorded later.

An event without a time could be compared with one that has a time by position, as two without a
time are. But then Won at 9:00, Lost without a time and Proposal at 10:00 would go round in a circle
(Won before Proposal by time, Proposal before Lost before Won by position), and a lead could have no
latest event. So a known time outweighs an unknown one: entering the time of the last event of a day
is enough to say that it is the last.

The date comes first, also where the time is on another date in the tenant's present time zone:
changing the time zone changes the state of no lead.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import lead_events

Order = tuple[sa.ColumnElement[Any], ...]


def latest_of_day_first(stages: sa.FromClause) -> Order:
    """Return the order within a day, the latest event first.

    `stages` are `lead_stages.effective_stages`, joined by the statement.
    """
    return (
        lead_events.c.event_at.desc().nulls_last(),
        stages.c.position.desc(),
        lead_events.c.id.desc(),
    )


def earliest_of_day_first(stages: sa.FromClause) -> Order:
    """Return the reverse of `latest_of_day_first`."""
    return (
        lead_events.c.event_at.asc().nulls_first(),
        stages.c.position.asc(),
        lead_events.c.id.asc(),
    )


def latest_first(stages: sa.FromClause) -> Order:
    """Return the order of the events of a lead, the latest first."""
    return (lead_events.c.event_date.desc(), *latest_of_day_first(stages))
