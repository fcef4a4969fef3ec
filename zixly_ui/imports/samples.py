"""Help for imports: a description and a sample file of each kind of row."""

from __future__ import annotations

import streamlit as st

from zixly_data.exports.csv_file import CSV_MIME
from zixly_data.imports import Kind
from zixly_ui.components.tables import safe_filename
from zixly_ui.imports.text import KINDS

DESCRIPTIONS: dict[Kind, str] = {
    Kind.FINANCIALS: "A row is what one client earned and cost on a day or in a month. It needs "
    "the client, a date, and an amount: revenue, expenses, or one amount in and out.",
    Kind.LEAD_EVENTS: "A row is a lead that reached a stage. It needs the client, the lead, the "
    "stage and a date; the value of the lead may be there.",
    Kind.CUSTOM_METRICS: "A row is a value that was measured. It needs the client, the metric, "
    "which is defined on the page Custom KPIs, the value and a date.",
    Kind.CLIENTS: "A row is a client. It needs a name or an external ID; industry, currency and "
    "status may be there.",
}
SAMPLES: dict[Kind, str] = {
    Kind.FINANCIALS: "Client,Date,Revenue,Expenses,Note\n"
    'Harbour Café,2026-03-01,"$12,400.00","$5,150.50",Website\n'
    "Northside Plumbing,2026-03-31,3900.00,1200.00,Retainer for March\n",
    Kind.LEAD_EVENTS: "Client,Lead,Stage,Date,Value\n"
    "Harbour Café,Wedding of the Millers,Inquiry,2026-03-02,\n"
    "Harbour Café,Wedding of the Millers,Consultation,2026-03-09,4800.00\n",
    Kind.CUSTOM_METRICS: "Client,Metric,Value,Unit,Date\n"
    "Harbour Café,Customer satisfaction,4.7,points,2026-03-31\n",
    Kind.CLIENTS: "Client ID,Client name,Industry,Currency,Status\n"
    "HBC-01,Harbour Café,Hospitality,AUD,ACTIVE\n"
    "NSP-02,Northside Plumbing,Trades,NZD,ACTIVE\n",
}


def show_samples() -> None:
    """Show the four kinds, each with its description and a sample to download."""
    with st.expander("What can I import?", icon=":material/help:"):
        st.markdown(
            "CSV files and Excel workbooks (.xlsx), as Xero, MYOB, HubSpot, a bank or Zixly itself "
            "save them: Zixly recognises the columns by their names, and you can say otherwise. "
            "Dates and amounts may be written as people write them. Nothing is written before "
            "you have seen what would change, and every import can be undone."
        )
        for kind, tab in zip(KINDS, st.tabs(list(KINDS.values())), strict=True):
            with tab:
                st.markdown(DESCRIPTIONS[kind])
                st.code(SAMPLES[kind], language=None, wrap_lines=True)
                st.download_button(
                    f"Sample file: {KINDS[kind].lower()}",
                    SAMPLES[kind].encode(),
                    file_name=safe_filename(f"sample-{kind.label}.csv"),
                    mime=CSV_MIME,
                    key=f"import-sample-{kind}",
                    icon=":material/download:",
                    on_click="ignore",
                )
