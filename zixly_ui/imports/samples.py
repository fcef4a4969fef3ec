"""Help for imports: a description and a sample file of each kind of row."""

from __future__ import annotations

import streamlit as st

from zixly_data.imports import Kind
from zixly_ui.components.downloads import download_csv
from zixly_ui.imports.text import KINDS

DESCRIPTIONS: dict[Kind, str] = {
    Kind.FINANCIALS: "Each row has the revenue and expenses of one client on a day or in a "
    "month. It needs the client, a date and an amount: revenue, expenses, or one amount in or out.",
    Kind.OVERHEADS: "Each row has revenue or expenses that belong to no client, such "
    "as rent or wages. It needs a date and an amount. Currency, account, counterparty and note are "
    "optional. A row that names a client is not imported.",
    Kind.LEAD_EVENTS: "Each row is a lead that reached a stage. It needs the client, the lead, the "
    "stage and a date. The value of the lead is optional.",
    Kind.CUSTOM_METRICS: "Each row is one metric value. It needs the client, the metric, the value "
    "and a date. Define the metric on Custom metrics first. A timesheet of Toggl, Clockify, Kimai "
    "or Harvest needs no changes: choose the metric of all its rows, such as Billable Hours. "
    "Durations can be written as 1:30, 1h 30m or 1.5.",
    Kind.CLIENTS: "Each row is a client. It needs a name or an external ID. Industry, currency, "
    "status and note are optional.",
}
SAMPLES: dict[Kind, str] = {
    Kind.FINANCIALS: "Client,Date,Revenue,Expenses,Note\n"
    'Harbour Café,2026-03-01,"$12,400.00","$5,150.50",Website\n'
    "Northside Plumbing,2026-03-31,3900.00,1200.00,Retainer for March\n",
    Kind.OVERHEADS: "Date,Account,Supplier,Amount,Currency,Note\n"
    "2026-03-01,Rent,Brisbane Offices,2400.00,AUD,March\n"
    "2026-03-15,Software,Desk Tools,89.90,USD,12 seats\n",
    Kind.LEAD_EVENTS: "Client,Lead,Stage,Date,Value\n"
    "Harbour Café,Wedding of the Millers,Inquiry,2026-03-02,\n"
    "Harbour Café,Wedding of the Millers,Consultation,2026-03-09,4800.00\n",
    Kind.CUSTOM_METRICS: "Client,Metric,Value,Unit,Date\n"
    "Harbour Café,Client satisfaction,4.7,points,2026-03-31\n",
    Kind.CLIENTS: "Client ID,Client name,Industry,Currency,Status,Note\n"
    "HBC-01,Harbour Café,Hospitality,AUD,ACTIVE,Closed on Mondays\n"
    "NSP-02,Northside Plumbing,Trades,NZD,ACTIVE,\n",
}


def show_samples() -> None:
    """Show the kinds, each with its description and a sample to download."""
    with st.expander("What can I import?", icon=":material/help:"):
        st.markdown(
            "You can import CSV files and Excel workbooks (.xlsx) from Xero, MYOB, HubSpot, a time "
            "tracker, a bank or Zixly itself. Zixly recognises the columns by their names, and you "
            "can choose others. Dates and amounts can be written in the usual ways. You see what "
            "would change before anything is recorded, and you can undo every import."
        )
        for kind, tab in zip(KINDS, st.tabs(list(KINDS.values())), strict=True):
            with tab:
                st.markdown(DESCRIPTIONS[kind])
                st.code(SAMPLES[kind], language=None, wrap_lines=True)
                download_csv(
                    f"Sample file: {KINDS[kind].lower()}",
                    SAMPLES[kind].encode(),
                    f"sample-{kind.label}.csv",
                    key=f"import-sample-{kind}",
                )
