"""The history of one record, in sentences, on the page of the record."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from zixly_data.identity import Identity
from zixly_data.people import audit, tenants
from zixly_data.values.frames import rows
from zixly_ui.audit.text import sentence
from zixly_ui.components.formatting import clock_time, plural
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

_MAX_SHOWN = 50


def show_history(
    identity: Identity,
    table_name: str,
    row_id: str,
    *,
    client_name: str = "",
    currency: str = "",
    names: Mapping[str, str] | None = None,
    subject: str = "",
) -> None:
    """Show the audit trail of the record, the latest entry first, in an expander with the count.

    `client_name` and `currency` are those of the record's client, `names` all clients' names by id.
    `subject` is the metric of a target.
    """
    entries = rows(retry(lambda: audit.history(identity, table_name, row_id)))
    if not entries:
        return
    zone = tenants.get(identity).time_zone
    context = {
        "table_name": table_name, "client_name": client_name, "currency": currency,
        "time_zone": zone, "subject": subject,
    }  # fmt: skip
    with st.expander(
        f"History · {plural(len(entries), 'entry', 'entries')}", icon=":material/history:"
    ):
        lines = [
            f"- **{clock_time(entry['at'], zone)}** · {plain(sentence(entry | context, names))}"
            for entry in entries[:_MAX_SHOWN]
        ]
        st.markdown("\n".join(lines))
        if len(entries) > _MAX_SHOWN:
            st.caption(f"The latest {_MAX_SHOWN} are shown. The audit trail has all of them.")
