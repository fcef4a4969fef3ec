"""SQL of the margin bridge: the sums of each period and the parts of the change.

`bridge` documents the formulas.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis
from zixly_data.figures.delivery.billable_hours import hours
from zixly_data.identity import Identity
from zixly_data.values.period import Period

PARTS = ("won", "lost", "volume", "price", "revenue", "cost", "currency_effect")
"""The parts of a change in their order of presentation. They add up to the change."""

_ZERO = sa.literal_column("0.00", sa.Numeric)


def sums(
    identity: Identity, before: tuple[sa.Subquery, Period], after: tuple[sa.Subquery, Period]
) -> sa.Subquery:
    """Return the sums of each period: one row per client with a record in either period.

    `before` and `after` are the two ledgers with their periods.
    """
    months = sa.union_all(
        _months(identity, *before, later=False), _months(identity, *after, later=True)
    ).subquery("months")
    row = months.c
    earlier, later = sa.not_(row.later), row.later

    def total(value: Any, condition: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(value).filter(condition), _ZERO)

    def converted(value: Any, condition: Any) -> Any:
        """NULL, which frames refuse, if a rate was deleted after `require_rates`."""
        unrated = sa.func.count().filter(condition, row.records > 0, row.rate.is_(None))
        return sa.case((unrated == 0, total(value, condition)))

    def weighted(size: Any) -> list[Any]:
        size = sa.func.abs(size)
        return [total(size * row.rate, earlier), total(size, earlier)]

    by_revenue, by_expenses = weighted(row.own_revenue), weighted(row.own_expenses)
    return (
        sa.select(
            row.client_kpi_id,
            *(
                aggregate(row[name], condition).label(f"{name}_{side}")
                for condition, side in ((earlier, "before"), (later, "after"))
                for aggregate, name in (
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


def parts(identity: Identity, sums: sa.Subquery, target_currency: str | None) -> sa.Select[Any]:
    """Return the statement of `bridge.bridge`; its columns are those of `bridge.ClientBridge`."""
    row = sums.c
    is_won, is_lost = row.records_before == 0, row.records_after == 0
    has_hours = sa.and_(row.hours_before > 0, row.hours_after > 0)
    profit_before = row.revenue_before - row.expenses_before
    profit_after = row.revenue_after - row.expenses_after
    own_change = row.own_revenue_after - row.own_revenue_before
    own_volume = _cents(
        (row.hours_after - row.hours_before) * row.own_revenue_before, row.hours_before
    )

    def if_stayed(value: Any) -> Any:
        return sa.case((sa.or_(is_won, is_lost), _ZERO), else_=value)

    def at_old_rate(own_amount: Any, converted: Any) -> Any:
        """Convert a change at the earlier rate, or take the converted change if there is none."""
        return if_stayed(
            sa.case((row.weight == 0, converted), else_=_cents(own_amount * row.rated, row.weight))
        )

    revenue = at_old_rate(own_change, row.revenue_after - row.revenue_before)
    volume = at_old_rate(own_volume, _ZERO)
    price = at_old_rate(own_change - own_volume, row.revenue_after - row.revenue_before)
    change_parts = (
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
            if_stayed(sa.case((has_hours, row.months_without_hours), else_=0))
            .cast(sa.BigInteger)
            .label("months_without_hours"),
        )
    ).subquery("parts")
    explained = [change_parts.c[name] for name in PARTS if name != "currency_effect"]
    unexplained = change_parts.c.change - sum(explained[1:], explained[0])
    currency = (
        client_kpis.c.currency if target_currency is None else sa.literal(target_currency, sa.Text)
    )
    return (
        sa.select(
            change_parts,
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            currency.label("currency"),
            unexplained.label("currency_effect"),
        )
        .select_from(
            change_parts.join(client_kpis, client_kpis.c.id == change_parts.c.client_kpi_id)
        )
        .where(client_kpis.c.tenant_id == identity.tenant_id)
        .order_by(currency, sa.func.abs(change_parts.c.change).desc(), client_kpis.c.id)
    )


def _months(
    identity: Identity, rows: sa.Subquery, period: Period, *, later: bool
) -> sa.Select[Any]:
    """Return the months of a ledger with their hours, including months with hours alone."""
    worked = hours(identity, period, f"{rows.name}_hours")
    is_same_month = sa.and_(
        worked.c.client_kpi_id == rows.c.client_kpi_id, worked.c.month == rows.c.month
    )
    amounts = ("own_revenue", "own_expenses", "revenue", "expenses", "rate", "records")
    return sa.select(
        sa.func.coalesce(rows.c.client_kpi_id, worked.c.client_kpi_id).label("client_kpi_id"),
        sa.literal(later).label("later"),
        *(rows.c[name] for name in amounts),
        worked.c.hours,
    ).select_from(rows.join(worked, is_same_month, full=True))


def _cents(dividend: Any, divisor: Any) -> Any:
    """Return dividend / divisor to the cent.

    PostgreSQL keeps as many decimals in a quotient as the dividend has. With twenty of them, a
    value just under half a cent is not rounded up.
    """
    return sa.func.round(sa.func.round(dividend, 20) / sa.func.nullif(divisor, 0), 2)
