"""Enter a month: figures, overheads, lead events and metric values, each in one grid."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures import client_totals
from zixly_data.identity import Role
from zixly_data.people import tenants
from zixly_data.records import closed_months
from zixly_data.values.frames import rows
from zixly_ui.components.cards import empty_state
from zixly_ui.components.forms import show_confirmation
from zixly_ui.findings.first_steps import show_next_step
from zixly_ui.month import unsaved
from zixly_ui.month.editor import edit, show_unsaved
from zixly_ui.month.metrics_grid import MetricGrid, choose_last_month
from zixly_ui.month.opening import closed_text, open_grid
from zixly_ui.month.pages import requested, search_box
from zixly_ui.month.pasting.dialog import offer_paste
from zixly_ui.month.picker import pick_kind, pick_month
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.session import require_identity

identity = require_identity(Role.EDITOR)
tenant = tenants.get(identity)
unsaved.collect()

st.title("Enter a month", anchor=False)
show_confirmation()
show_next_step(identity, client_totals.recorded(identity))
closed = {row["month"]: row for row in rows(closed_months.list_closed(identity))}
with st.container(horizontal=True, vertical_alignment="bottom"):
    month = pick_month(tenant.today(), closed)
    record_kind = pick_kind()
    search, number = requested(record_kind, month)
    grid = open_grid(identity, tenant, record_kind, month, search, number)
    search_box(grid.shown, search, record_kind)

grid.close(closed_text(closed[month], tenant.time_zone) if month in closed else None)
if grid.closed is not None:
    st.info(plain(grid.closed), icon=":material/lock:")
show_unsaved(grid)
if not grid.shown.count and not search:
    empty_state(
        "No active clients",
        "Each active client has a row here. Add a client first.",
    )
    st.page_link(page_path("clients.py"), label="Go to Clients")
    st.stop()
if isinstance(grid, MetricGrid):
    if not grid.metrics:
        empty_state(
            "No metrics yet",
            "Define metrics on Custom metrics. Each metric has a column here.",
        )
        st.page_link(
            page_path("custom_kpis.py"), label="Go to Custom metrics", icon=":material/speed:"
        )
        st.stop()
    choose_last_month(grid)
edit(grid)
offer_paste(identity, grid, tenant.reporting_currency)
if grid.closed is None:
    st.caption(
        "Type in a cell and press Tab or Enter, or paste a block from a spreadsheet: rows with the "
        "name of a client go to that client. Nothing is recorded until you press Save. Either all "
        "changes are saved or none."
    )
