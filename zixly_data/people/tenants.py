"""The tenant: the organisation, its calendar and its settings.

A change of the first month of the financial year needs a confirmation while months are closed.
What was reported of a closed month stays true to the cent, since months stay as they are, but the
quarters and years it was reported in no longer exist. Businesses do change their balance date, so
an accountant decides it knowingly. Reopening years of closed months for it would lose what closing
them recorded, for a change that writes nothing in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows
from zixly_data.database.connection import once, scoped
from zixly_data.database.schema import closed_months, tenants
from zixly_data.errors import Conflict, NotConfirmed
from zixly_data.identity import Identity
from zixly_data.tables.tenants import TENANTS, OrganisationDraft
from zixly_data.values.dates import MONTH_NAMES


@dataclass(frozen=True)
class Tenant:
    """An organisation. "Today" and "this month" are computed in its time zone.

    `version` counts its changes.
    """

    id: str
    name: str
    industry: str | None
    time_zone: str
    reporting_currency: str
    financial_year_start_month: int
    second_factor_required: bool
    version: int

    def today(self) -> date:
        return datetime.now(ZoneInfo(self.time_zone)).date()


def get(identity: Identity) -> Tenant:
    """Return the identity's own tenant. Raises SessionEnded."""
    return once(
        identity,
        "tenant",
        lambda: versioned_rows.get(
            identity, _of(identity), "organisation", lambda row: Tenant(**row._mapping)
        ),
    )


def change(
    identity: Identity,
    version: int,
    draft: OrganisationDraft,
    *,
    confirms_new_years: bool = False,
) -> Tenant:
    """Change the settings of an organisation that is still at `version`; return it as it is now.

    `confirms_new_years` confirms a new first month of the financial year while months are closed;
    without it, NotConfirmed is raised with the number of these months. Raises AccessDenied unless
    ADMIN, Conflict with the current Tenant if someone else changed it first, InvalidInput.
    """
    values = TENANTS.values(draft)
    with scoped(identity) as connection:
        current = Tenant(**connection.execute(_of(identity).with_for_update()).one()._mapping)
        changed = {name: new for name, new in values.items() if getattr(current, name) != new}
        if not changed:
            return current
        if current.version != version:
            raise Conflict("Someone else changed this while you were editing.", current=current)
        if "financial_year_start_month" in changed and not confirms_new_years:
            _ask_about_closed_months(connection, identity, changed["financial_year_start_month"])
        connection.execute(
            sa.update(tenants).where(tenants.c.id == identity.tenant_id).values(**changed)
        )
        return Tenant(**connection.execute(_of(identity)).one()._mapping)


def _ask_about_closed_months(connection: Connection, identity: Identity, month: int) -> None:
    """Raise NotConfirmed if months are closed."""
    query = (
        sa.select(sa.func.count())
        .select_from(closed_months)
        .where(closed_months.c.tenant_id == identity.tenant_id)
    )
    count = connection.execute(query).scalar_one()
    if count:
        are_closed, them = (
            ("One month is closed", "it was") if count == 1
            else (f"{count:,} months are closed", "they were")
        )  # fmt: skip
        raise NotConfirmed(
            f"{are_closed}. The figures of closed months stay as they are, but the quarters and "
            f"years in which {them} reported are grouped from {MONTH_NAMES[month - 1]}.",
            advice="Confirm the change.",
        )


def _of(identity: Identity) -> sa.Select[Any]:
    columns = ("id", "name", "industry", "time_zone", "reporting_currency",
               "financial_year_start_month", "second_factor_required", "version")  # fmt: skip
    return sa.select(*(tenants.c[name] for name in columns)).where(
        tenants.c.id == identity.tenant_id
    )


def date_of(identity: Identity, moment: Any) -> sa.ColumnElement[date]:
    """Return the date of a moment in the tenant's time zone, which a statement reads once."""
    time_zone = sa.select(tenants.c.time_zone).where(tenants.c.id == identity.tenant_id)
    return sa.cast(sa.func.timezone(time_zone.scalar_subquery(), moment), sa.Date)


def change_security(identity: Identity, required: bool) -> None:
    """Set whether every user needs a second factor.

    If so, users without one see only its set-up page from their next click on. Raises
    AccessDenied unless ADMIN.
    """
    with scoped(identity) as connection:
        connection.execute(
            sa.update(tenants)
            .where(tenants.c.id == identity.tenant_id)
            .values(second_factor_required=required)
        )
