"""The demo: Zixly's own organisation, three people, and books that reach to the day of loading.

books      clients and financials
pipeline   lead events
delivery   custom metrics and what they are measured in
worth      exchange rates

Organisation and people are the operator's to make. Everything about clients is written as Cole,
with his rights and under the same policies as from a page. All of it is one transaction.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.access import passwords
from zixly_data.database import administration, connection, refusals, schema
from zixly_data.identity import Role
from zixly_data.operations.demo import books, delivery, pipeline, worth
from zixly_data.values import ids

TENANT_ID = "zixly-org-001"
TIME_ZONE = "Australia/Brisbane"
PEOPLE = (
    ("cole@zixly.com.au", "Cole Morton", Role.ADMIN),
    ("support@zixly.com.au", "Support Team", Role.EDITOR),
    ("vera@zixly.com.au", "Vera", Role.VIEWER),
)


def load(admin_url: str, today: date | None = None) -> dict[str, str]:
    """Loads the demo as it stands on `today` (in Brisbane); returns each email's fresh password.

    The passwords are nowhere else: the database keeps their hashes. Raises AlreadyExists, and
    changes nothing, where the organisation is there already; NotPrepared.
    """
    today = today or datetime.now(ZoneInfo(TIME_ZONE)).date()
    chosen = {email: passwords.generate() for email, _, _ in PEOPLE}
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as operator:
        _create_organisation(operator, chosen)
        _act_as_cole(operator)
        _record(operator, schema.client_kpis, "", books.clients(today))
        _record(operator, schema.financials, "fin", books.financials(today))
        _record(operator, schema.exchange_rates, "rate", worth.exchange_rates(today))
        _record(operator, schema.lead_events, "lev", pipeline.lead_events(today))
        _record(operator, schema.metric_definitions, "mdef", delivery.metric_definitions())
        _record(operator, schema.custom_metrics, "met", delivery.custom_metrics(today))
    return chosen


def is_loaded(admin_url: str) -> bool:
    """Whether the organisation of the demo is there. Raises NotPrepared."""
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as operator:
        people = operator.execute(sa.text("select tenant_id from app_operator.list_users()"))
        return TENANT_ID in people.scalars()


def _create_organisation(operator: Connection, chosen: dict[str, str]) -> None:
    operator.execute(
        sa.text("select app_operator.create_tenant(:id, :name, :industry, :time_zone, 'AUD')"),
        {
            "id": TENANT_ID,
            "name": "Zixly",
            "industry": "Pipeline services automation",
            "time_zone": TIME_ZONE,
        },
    )
    for email, full_name, role in PEOPLE:
        operator.execute(
            sa.text("select app_operator.add_user(:tenant_id, :email, :name, :role, :hash)"),
            {
                "tenant_id": TENANT_ID,
                "email": email,
                "name": full_name,
                "role": role.value,
                "hash": passwords.hash_password(chosen[email]),
            },
        )


def _act_as_cole(operator: Connection) -> None:
    """From here on the transaction may do what Cole may, and no more."""
    secret = secrets.token_urlsafe(32)
    operator.execute(
        sa.text("select app_operator.open_session(:email, :secret)"),
        {"email": PEOPLE[0][0], "secret": secret},
    )
    connection.assume_identity(operator, secret)


def _record(cole: Connection, table: sa.TableClause, prefix: str, rows: list[books.Row]) -> None:
    if prefix:
        rows = [{"id": ids.new_id(prefix), **row} for row in rows]
    if rows:
        cole.execute(sa.insert(table).values(rows))
