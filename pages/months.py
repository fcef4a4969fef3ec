"""Months: what is recorded in each, and which of them are closed."""

from __future__ import annotations

import streamlit as st

from zixly_data.identity import Role
from zixly_data.people import tenants
from zixly_data.records import closed_months
from zixly_ui.components.cards import headline
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.record_dialog import table_key
from zixly_ui.components.tables import records_table
from zixly_ui.month import closing_forms, closing_text
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
may_close = identity.role.includes(Role.ADMIN)
found = closing_text.months(
    closed_months.figures(identity), closed_months.list_closed(identity), tenant.today()
)

with st.container(horizontal=True, horizontal_alignment="distribute"):
    st.title("Months", anchor=False, width="content")
    closing = may_close and closing_forms.close_button(identity, tenant, found)
show_confirmation()
headline(closing_text.headline_text(found))
st.caption(
    "Click a month to close it, alone or with all before it, or to reopen it."
    if may_close
    else "Nothing dated in a closed month changes. An administrator closes and reopens months."
)

shown = found if st.session_state.get("all-months") else found[: closing_text.SHOWN]
known = closing_text.currencies(found, tenant.reporting_currency)
chosen = records_table(
    closing_text.table(shown, known, tenant.time_zone),
    closing_text.columns(known),
    table_key(closing_text.MONTH, [each.id for each in shown]),
    opens="id" if may_close else None,
    anywhere=True,
    height=33 * (min(len(shown), closing_text.SHOWN) + 1) + 3,
)
if len(found) > closing_text.SHOWN:
    st.toggle(f"Show all {len(found):,} months since {found[-1].name}", key="all-months")
if not closing:
    closing_forms.change_month(identity, tenant, found, chosen)
