"""What happened to one record, in plain words, where the record is shown."""

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

_SHOWN = 50


def show_history(
    identity: Identity,
    table_name: str,
    row_id: str,
    *,
    client_name: str = "",
    currency: str = "",
    names: Mapping[str, str] | None = None,
) -> None:
    """The record's own trail, the latest first, behind a line that says how long it is.

    `client_name` and `currency` are those of the record's client, `names` all clients' names by id.
    """
    found = rows(retry(lambda: audit.history(identity, table_name, row_id)))
    if not found:
        return
    zone = tenants.get(identity).time_zone
    about = {"table_name": table_name, "client_name": client_name, "currency": currency}
    with st.expander(
        f"History · {plural(len(found), 'entry', 'entries')}", icon=":material/history:"
    ):
        said = [
            f"- **{clock_time(each['at'], zone)}** · {plain(sentence({**each, **about}, names))}"
            for each in found[:_SHOWN]
        ]
        st.markdown("\n".join(said))
        if len(found) > _SHOWN:
            st.caption(f"The latest {_SHOWN} are shown; the audit trail has all of them.")
