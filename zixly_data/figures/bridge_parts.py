"""The statement of the margin bridge: what each period adds up to, and the parts of the change.

The formulas are those at the top of `bridge`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis
from zixly_data.figures.billable_hours import hours
from zixly_data.identity import Identity
from zixly_data.values.period import Period

PARTS = ("won", "lost", "volume", "price", "revenue", "cost", "currency_effect")
"""The parts of a change, in the order of the story; they add up to it."""

_ZERO = sa.literal_column("0.00", sa.Numeric)


def sums(
    identity: Identity, before: tuple[sa.Subquery, Period], after: tuple[sa.Subquery, Period]
) -> sa.Subquery:
    """One row per client with a record in either period: what each period adds up to.

    `before` and `after` are the two ledgers with their periods.
    """
    months = sa.union_all(
        _months(identity, *before, later=False), _months(identity, *after, later=True)
    ).subquery("months")
    row = months.c
    earlier, later = sa.not_(row.later), row.later

    def total(value: Any, of: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(value).filter(of), _ZERO)

    def converted(value: Any, of: Any) -> Any:
        """None, which no frame takes, should a rate have gone since it was asked for."""
        unrated = sa.func.count().filter(of, row.records > 0, row.rate.is_(None))
        return sa.case((unrated == 0, total(value, of)))

    def weighed(size: Any) -> list[Any]:
        size = sa.func.abs(size)
        return [total(size * row.rate, earlier), total(size, earlier)]

    by_revenue, by_expenses = weighed(row.own_revenue), weighed(row.own_expenses)
    return (
        sa.select(
            row.client_kpi_id,
            *(
                each(row[name], of).label(f"{name}_{side}")
                for of, side in ((earlier, "before"), (later, "after"))
                for each, name in (
                    (total, "records"), (total, "hours"), (total, "own_revenue"),
                    (total, "own_expenses"), (converted, "revenue"), (converted, "expenses"),
                )
            ),
            *(
                sa.case((by_revenue[1] > 0, revenue), else_=expenses).label(name)
                for name, revenue, expenses in zip(
                    ("rated", "weight"), by_revenue, by_expenses, strict=True
                )
            ),
            sa.func.count()
            .filter(row.own_revenue != 0, sa.func.coalesce(row.hours, _ZERO) <= 0)
            .label("months_without_hours"),
        )
        .group_by(row.client_kpi_id)
        .having(sa.func.coalesce(sa.func.sum(row.records), 0) > 0)
        .subquery("sums")
    )  # fmt: skip


def rated(before: sa.Subquery, after: sa.Subquery) -> sa.Subquery:
    """What needs a rate in either ledger, so that all that is missing is named at once."""
    names = ("own_currency", "month", "rate")
    both = (sa.select(*(rows.c[name] for name in names)) for rows in (before, after))
    return sa.union(*both).subquery("rated")


def parts(identity: Identity, sums: sa.Subquery, target_currency: str | None) -> sa.Select[Any]:
    """The statement behind `bridge.bridge`; its columns are those of `bridge.ClientBridge`."""
    row = sums.c
    is_won, is_lost = row.records_before == 0, row.records_after == 0
    has_hours = sa.and_(row.hours_before > 0, row.hours_after > 0)
    profit_before = row.revenue_before - row.expenses_before
    profit_after = row.revenue_after - row.expenses_after
    own_change = row.own_revenue_after - row.own_revenue_before
    own_volume = _cents(
        (row.hours_after - row.hours_before) * row.own_revenue_before, row.hours_before
    )

    def stayed(value: Any) -> Any:
        return sa.case((sa.or_(is_won, is_lost), _ZERO), else_=value)

    def at_old_rate(own: Any, converted: Any) -> Any:
        """An own-currency change at the earlier rate; as it was converted where there is none."""
        return stayed(
            sa.case((row.weight == 0, converted), else_=_cents(own * row.rated, row.weight))
        )

    revenue = at_old_rate(own_change, row.revenue_after - row.revenue_before)
    volume = at_old_rate(own_volume, _ZERO)
    price = at_old_rate(own_change - own_volume, row.revenue_after - row.revenue_before)
    found = (
        sa.select(
            row.client_kpi_id,
            profit_before.label("profit_before"),
            profit_after.label("profit_after"),
            sa.case((is_won, profit_after), else_=_ZERO).label("won"),
            sa.case((is_lost, -profit_before), else_=_ZERO).label("lost"),
            sa.case((has_hours, volume), else_=_ZERO).label("volume"),
            sa.case((has_hours, price), else_=_ZERO).label("price"),
            sa.case((has_hours, _ZERO), else_=revenue).label("revenue"),
            at_old_rate(
                row.own_expenses_before - row.own_expenses_after,
                row.expenses_before - row.expenses_after,
            ).label("cost"),
            (profit_after - profit_before).label("change"),
            sa.case((is_won, "WON"), (is_lost, "LOST"), else_="STAYED").label("standing"),
            row.hours_before,
            row.hours_after,
            stayed(sa.case((has_hours, row.months_without_hours), else_=0))
            .cast(sa.BigInteger)
            .label("months_without_hours"),
        )
    ).subquery("parts")
    explained = [found.c[name] for name in PARTS if name != "currency_effect"]
    rest = found.c.change - sum(explained[1:], explained[0])
    currency = (
        client_kpis.c.currency if target_currency is None else sa.literal(target_currency, sa.Text)
    )
    return (
        sa.select(
            found,
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            currency.label("currency"),
            rest.label("currency_effect"),
        )
        .select_from(found.join(client_kpis, client_kpis.c.id == found.c.client_kpi_id))
        .where(client_kpis.c.tenant_id == identity.tenant_id)
        .order_by(currency, sa.func.abs(found.c.change).desc(), client_kpis.c.id)
    )


def _months(
    identity: Identity, rows: sa.Subquery, period: Period, *, later: bool
) -> sa.Select[Any]:
    """The months of a ledger with their hours, and months with hours alone."""
    spent = hours(identity, period, f"{rows.name}_hours")
    same = sa.and_(spent.c.client_kpi_id == rows.c.client_kpi_id, spent.c.month == rows.c.month)
    amounts = ("own_revenue", "own_expenses", "revenue", "expenses", "rate", "records")
    return sa.select(
        sa.func.coalesce(rows.c.client_kpi_id, spent.c.client_kpi_id).label("client_kpi_id"),
        sa.literal(later).label("later"),
        *(rows.c[name] for name in amounts),
        spent.c.hours,
    ).select_from(rows.join(spent, same, full=True))


def _cents(dividend: Any, divisor: Any) -> Any:
    """dividend / divisor to the cent.

    Twenty decimals before the one rounding: PostgreSQL keeps as many in the quotient as stand
    above, and what is just under half a cent stays under it.
    """
    return sa.func.round(sa.func.round(dividend, 20) / sa.func.nullif(divisor, 0), 2)
