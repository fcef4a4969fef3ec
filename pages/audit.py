"""Audit trail: every entry with its person, time and address, and the values before and after."""

from __future__ import annotations

import streamlit as st

from zixly_data.identity import Role
from zixly_data.people import audit, tenants
from zixly_data.records import clients
from zixly_data.values.frames import rows
from zixly_ui.audit import tables as audit_tables
from zixly_ui.components import paging
from zixly_ui.components.cards import empty_state, headline
from zixly_ui.components.filters import filter_bar, period_filter
from zixly_ui.components.formatting import period_phrase
from zixly_ui.components.record_dialog import table_key
from zixly_ui.components.tables import records_table
from zixly_ui.http.download_links import Trail, download_rows
from zixly_ui.shell.session import require_identity

identity = require_identity(Role.ADMIN)
tenant = tenants.get(identity)
client_names = clients.names(identity)
names = dict(zip(client_names["id"], client_names["client_name"], strict=True))

st.title("Audit trail", anchor=False)
with filter_bar():
    period = period_filter(tenant.today(), tenant.financial_year_start_month, default="this-month")
    entry_filter = audit_tables.audit_filter(identity, names)

zone = tenant.time_zone
request = paging.requested("entries", audit_tables.SORTS, period, entry_filter)
page = audit.page(identity, period, zone, entry_filter, request)
entries = page.frame
headline(audit_tables.headline_text(entries, page.count, period_phrase(period, " in ")))
if entries.empty:
    empty_state("No matching entries", "Choose another period or remove some filters.")
    st.stop()

st.caption("Click an entry to see the values before and after. Nobody can edit the audit trail.")
paging.controls("entries", audit_tables.SORTS, page)
opened_ids = records_table(
    audit_tables.table(entries, names, zone),
    audit_tables.COLUMNS,
    table_key("entry", entries["id"]),
    opens="id",
    anywhere=True,
    height=400 if page.count > 10 else None,
)
for entry in rows(entries):
    if entry["id"] in opened_ids:
        audit_tables.show_entry(entry, names, zone)
download_rows(Trail(period, entry_filter), f"audit-trail-{period.slug}.csv")
