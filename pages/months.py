"""Close months: the records of each month, and whether the month is closed."""

from __future__ import annotations

import streamlit as st

from zixly_data.identity import Role
from zixly_data.people import audit, tenants
from zixly_data.records import closed_months
from zixly_data.values.paging import cut_frame
from zixly_ui.components import paging
from zixly_ui.components.cards import headline
from zixly_ui.components.downloads import download
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.record_dialog import table_key
from zixly_ui.components.tables import records_table
from zixly_ui.month import closing_forms, closing_text
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
may_close = identity.role.includes(Role.ADMIN)
months = closing_text.months(
    closed_months.figures(identity), closed_months.list_closed(identity), tenant.today()
)

with st.container(horizontal=True, horizontal_alignment="distribute"):
    st.title("Close months", anchor=False, width="content")
    is_closing = may_close and closing_forms.close_button(identity, tenant, months)
show_confirmation()
headline(closing_text.headline_text(months))
st.caption(
    "Click a month to close or reopen it. You can close all earlier months with it."
    if may_close
    else "Nothing dated in a closed month can change. Administrators close and reopen months."
)

listed = months if st.session_state.get("all-months") else months[: closing_text.SHOWN]
currencies = closing_text.currencies(months, tenant.reporting_currency)
of_overheads = closing_text.overhead_currencies(months, tenant.reporting_currency)
page = cut_frame(
    closing_text.table(listed, currencies, tenant.time_zone, of_overheads),
    paging.requested("months", closing_text.SORTS, len(listed)),
)
paging.controls("months", closing_text.SORTS, page)
chosen_ids = records_table(
    page.frame,
    closing_text.columns(currencies, of_overheads),
    table_key(closing_text.MONTH, page.frame["id"]),
    opens="id" if may_close else None,
    anywhere=True,
    height=33 * (min(len(listed), closing_text.SHOWN) + 1) + 3,
)
if len(months) > closing_text.SHOWN:
    st.toggle(f"Show all {len(months):,} months since {months[-1].name}", key="all-months")
download(
    identity,
    lambda: closing_text.as_file(
        closing_text.months(
            closed_months.figures(identity), closed_months.list_closed(identity), tenant.today()
        ),
        tenant.reporting_currency,
    ),
    "months.csv",
    dataset="months",
    filters=audit.filters(),
)
if not is_closing:
    closing_forms.change_month(identity, tenant, months, chosen_ids)
