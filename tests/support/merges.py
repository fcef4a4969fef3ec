"""Two clients to merge, with rows in every table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.database import synced
from zixly_data.findings import dismissals
from zixly_data.records import date_notes
from zixly_data.records.client_merges import merge, preview
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.values.ids import new_id


def furnished(team: Team, admin: sa.Engine) -> tuple[str, str]:
    """Two clients with rows in every table, some of them about the same; kept and merged."""
    kept = books.client(team, "Harbour Cafe Pty Ltd", client_id="XR-7", industry="Cafés")
    merged = books.client(
        team, "Harbour Cafe", client_id="HC-01", industry="Food", status="COMPLETED", note="Pays."
    )
    calls = books.metric(team, "Calls")
    books.aim(team, calls, date(2024, 1, 1), kept, low="5")
    for month in (1, 2):
        books.aim(team, calls, date(2024, month, 1), merged, low="9")
    for client, amount in ((kept, "100"), (merged, "250.55")):
        books.money(team, client, "2024-03-05", amount, "40")
        books.money(team, client, "2024-04-05", "7")
        books.event(team, client, "L-1", "Inquiry", "2024-02-03", "900")
        books.measure(team, client, "Calls", "2024-03-05", "3")
        dismissals.dismiss(team.admin, "LOSS", client, "2024-03", "Fine.", row_id=new_id("dis"))
    dismissals.dismiss(team.editor, "LOSS", merged, "2024-04", "Fine.", row_id=new_id("dis"))
    books.event(team, merged, "L-2", "Contract signed", "2024-02-04")
    note = NoteDraft(date(2024, 3, 1), "New menu", merged)
    date_notes.add(team.editor, note, row_id=new_id("note"))
    synced.write(
        admin, team, "financials", new_id("fin"),
        client_kpi_id=merged, record_date=date(2024, 5, 1), revenue=Decimal("11.10"), expenses=0,
    )  # fmt: skip
    return kept, merged


def merged_into(team: Team, kept: str, merged: str) -> str:
    return merge(team.editor, preview(team.editor, kept, merged))
