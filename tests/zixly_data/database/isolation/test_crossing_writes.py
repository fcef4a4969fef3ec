"""Two who write the same at the same moment: one is saved whole, the other is told why not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.database.connection import reporting, scoped
from zixly_data.database.schema import client_kpis, financial_months, financials
from zixly_data.errors import StillWriting
from zixly_data.identity import Identity
from zixly_data.records import clients
from zixly_data.values import ids

NewTeam = Callable[[], Team]
TOLD = "Someone else was saving the same records at the same time."


def record(connection: sa.Connection, client: str, revenue: Decimal) -> None:
    values = {"client_kpi_id": client, "record_date": date(2024, 3, 15), "revenue": revenue,
              "expenses": Decimal(0)}  # fmt: skip
    connection.execute(sa.insert(financials).values(id=ids.new_id("fin"), **values))


def on_record(identity: Identity) -> dict[str, Decimal]:
    """Revenue by client, as PostgreSQL keeps it by month; it is what the records add up to."""
    with scoped(identity) as connection:
        kept, summed = (
            {
                row.client: row.revenue
                for row in connection.execute(
                    sa.select(
                        table.c.client_kpi_id.label("client"),
                        sa.func.sum(table.c.revenue).label("revenue"),
                    )
                    .where(table.c.tenant_id == identity.tenant_id)
                    .group_by(table.c.client_kpi_id)
                )
            }
            for table in (financial_months, financials)
        )
    assert kept == summed
    return kept


def test_two_who_write_the_same_client_months_in_opposite_order(new_team: NewTeam) -> None:
    """A deadlock, which PostgreSQL ends: whoever is undone reads so, and can save again."""
    team = new_team()
    harbour, bondi = books.client(team, "Harbour"), books.client(team, "Bondi")
    one_each = threading.Barrier(2)
    told: dict[str, StillWriting] = {}

    def write(who: str, identity: Identity, revenue: Decimal, *order: str) -> None:
        try:
            with scoped(identity) as connection:
                record(connection, order[0], revenue)
                one_each.wait(timeout=60)
                record(connection, order[1], revenue)
        except StillWriting as error:
            told[who] = error

    people = {
        "Cole": (team.admin, Decimal("1.00"), harbour, bondi),
        "Support": (team.editor, Decimal("2.00"), bondi, harbour),
    }
    both = [threading.Thread(target=write, args=(who, *what)) for who, what in people.items()]
    for each in both:
        each.start()
    for each in both:
        each.join(timeout=120)

    (undone,) = told
    assert (str(told[undone]), told[undone].advice) == (TOLD, "Nothing was saved. Try again.")
    (saved,) = people.keys() - told
    assert on_record(team.viewer) == {harbour: people[saved][1], bondi: people[saved][1]}

    with scoped(team.editor) as connection:
        for client in (bondi, harbour):
            record(connection, client, people[undone][1])
    assert on_record(team.viewer) == {harbour: Decimal("3.00"), bondi: Decimal("3.00")}


def test_a_change_of_what_was_changed_since_it_was_read(new_team: NewTeam) -> None:
    """A serialization failure: no page or command writes in a snapshot, but a script may."""
    team = new_team()
    each = books.client(team, "Harbour")

    def rename(connection: sa.Connection, name: str) -> None:
        connection.execute(
            sa.update(client_kpis)
            .where(client_kpis.c.tenant_id == team.tenant_id, client_kpis.c.id == each)
            .values(client_name=name)
        )

    def write_late() -> None:
        with reporting(team.editor) as snapshot:
            with scoped(team.admin) as connection:
                rename(connection, "Harbour & Sons")
            rename(snapshot, "Harbour Pty Ltd")

    with pytest.raises(StillWriting, match=TOLD):
        write_late()
    assert clients.get(team.viewer, each).client_name == "Harbour & Sons"
