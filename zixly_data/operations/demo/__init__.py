"""The demo data: Zixly's own organisation, three users, and records up to the day of loading.

books      clients and financials
overheads  costs of no client
pipeline   lead events
delivery   custom metrics and their definitions
targets    what the values of metrics should reach
rates      exchange rates

The operator creates the organisation and its users. All records of clients are inserted as Cole,
with his rights and under the same policies as from a page. Everything is one transaction, so that
every row of the demo is as old as its organisation; `sql/functions/demo.sql` lists its tables and
takes it away.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.access import one_time_links, passwords
from zixly_data.database import administration, connection, refusals, schema
from zixly_data.identity import Role
from zixly_data.operations.demo import books, delivery, overheads, pipeline, rates, targets
from zixly_data.people import demo_removal
from zixly_data.people.demo_removal import DemoContents
from zixly_data.values import ids

TENANT_ID = "zixly-org-001"
TIME_ZONE = "Australia/Brisbane"
PEOPLE = (
    ("cole@zixly.com.au", "Cole Morton", Role.ADMIN),
    ("support@zixly.com.au", "Support Team", Role.EDITOR),
    ("vera@zixly.com.au", "Vera", Role.VIEWER),
)


def load(admin_url: str, today: date | None = None) -> dict[str, str]:
    """Load the demo as of `today` (in Brisbane); return the new password of each email.

    The database stores only the passwords' hashes. Raises AlreadyExists, changing nothing, if the
    organisation exists; NotPrepared.
    """
    today = today or datetime.now(ZoneInfo(TIME_ZONE)).date()
    passwords_by_email = {email: passwords.generate() for email, _, _ in PEOPLE}
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as operator:
        _create_organisation(operator, passwords_by_email)
        _act_as_cole(operator)
        _insert(operator, schema.client_kpis, "", books.clients(today))
        _insert(operator, schema.financials, "fin", books.financials(today))
        _insert(operator, schema.overheads, "ovh", overheads.overheads(today))
        _insert(operator, schema.exchange_rates, "rate", rates.exchange_rates(today))
        _insert(operator, schema.lead_events, "lev", pipeline.lead_events(today))
        metrics = delivery.metric_definitions()
        _insert(operator, schema.metric_definitions, "", metrics)
        _insert(operator, schema.metric_targets, "mtg", targets.metric_targets(metrics, today))
        _insert(operator, schema.custom_metrics, "met", delivery.custom_metrics(today))
    return passwords_by_email


def contents(admin_url: str) -> DemoContents | None:
    """Return what is left of the demo; None if nothing is. Raises NotPrepared."""
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as operator:
        return _contents(operator)


def remove(
    admin_url: str, seen: DemoContents, typed_name: str, *, with_own: bool = False
) -> str | None:
    """Remove the demo as `demo_removal.remove` does, as the operator.

    Returns the token of a set-up link, or None if an organisation remains.
    """
    demo_removal.check(seen, typed_name, with_own=with_own)
    token = one_time_links.new_token()
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as operator:
        removed = operator.execute(
            sa.text("select app_operator.remove_demo(cast(:seen as jsonb), :token)"),
            {"seen": seen.counted, "token": token},
        ).scalar_one()
        if not removed:
            raise demo_removal.moved(_contents(operator))
    return demo_removal.open_link(token)


def _contents(operator: Connection) -> DemoContents | None:
    counted = operator.execute(sa.text("select app_operator.demo_contents()"))
    return demo_removal.as_contents(counted.scalar_one())


def _create_organisation(operator: Connection, passwords_by_email: dict[str, str]) -> None:
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
                "hash": passwords.hash_password(passwords_by_email[email]),
            },
        )


def _act_as_cole(operator: Connection) -> None:
    """Run the rest of the transaction with the rights of Cole."""
    secret = secrets.token_urlsafe(32)
    operator.execute(
        sa.text("select app_operator.open_session(:email, :secret)"),
        {"email": PEOPLE[0][0], "secret": secret},
    )
    connection.assume_identity(operator, secret)


def _insert(cole: Connection, table: sa.TableClause, prefix: str, rows: list[books.Row]) -> None:
    if prefix:
        rows = [{"id": ids.new_id(prefix), **row} for row in rows]
    if rows:
        cole.execute(sa.insert(table).values(rows))
