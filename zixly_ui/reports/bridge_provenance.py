"""The provenance of the bridge: the profit at both ends, and each part, with formulas."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures.bridge import Bridge, as_file
from zixly_data.figures.definitions import FIGURES, OF_CHANGE
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.values.client_filter import ClientFilter
from zixly_ui.components.currency_choice import Basis
from zixly_ui.components.downloads import download
from zixly_ui.components.formatting import money, plural
from zixly_ui.reports.bridge_text import (
    Total,
    is_of_business,
    label_of,
    parts_of,
    profit_name,
    signed,
)
from zixly_ui.reports.business_provenance import show_business_provenance
from zixly_ui.reports.provenance_dialog import lower_first, menu, show_provenance
from zixly_ui.shell.markdown import plain


def bridge_menu(
    identity: Identity,
    report: Bridge,
    total: Total,
    client_filter: ClientFilter,
    basis: Basis,
    time_zone: str,
) -> None:
    """Draw the menu that opens the profit of either period, and the parts between them.

    `total` is the row of the bridge in the currency of the basis.
    """
    periods = {period.slug: period for period in (report.against, report.period)}
    name = profit_name(total)
    labels = {slug: f"{name} in {period.name}" for slug, period in periods.items()}
    labels["parts"] = "Parts of the change"
    chosen = menu("-".join((*periods, basis.currency)), labels)
    if chosen == "parts":
        _show_parts(identity, report, total, client_filter, basis)
    elif chosen is not None and is_of_business(total):
        show_business_provenance(identity, "business_profit", periods[chosen], basis, time_zone)
    elif chosen is not None:
        show_provenance(identity, "profit", periods[chosen], client_filter, basis, time_zone)


@st.dialog("Parts of the change", width="large")
def _show_parts(
    identity: Identity, report: Bridge, total: Total, client_filter: ClientFilter, basis: Basis
) -> None:
    currency = basis.currency
    clients = report.clients[report.clients["currency"] == currency]
    st.caption(
        plain(
            f"{report.period.name} vs {report.against.name} · {basis.label} · "
            f"{plural(len(clients), 'client')}"
        )
    )
    before, after = (money(total[f"profit_{end}"], currency) for end in ("before", "after"))
    st.markdown(_bold(f"{profit_name(total)} in {report.against.name}: {before}"))
    for part in parts_of(total):
        figure = OF_CHANGE[part]
        title = _bold(f"{label_of(total, part)}: {signed(total[part], currency)}")
        st.markdown(f"{title}  \n{plain(figure.formula)}")
        st.caption(plain(f"Not included: {lower_first(figure.leaves_out)}"))
    title = _bold(f"{profit_name(total)} in {report.period.name}: {after}")
    st.markdown(f"{title}  \n{plain(OF_CHANGE['change'].formula)}")
    if basis.converted:
        st.markdown(plain(FIGURES["converted"].formula))
    download(
        identity,
        lambda: as_file(clients),
        f"parts-{report.period.slug}-against-{report.against.slug}-{currency.lower()}.csv",
        dataset="bridge",
        filters=audit.filters(
            report.period,
            basis.narrow(client_filter),
            against_from=report.against.start,
            against_to=report.against.end,
            converted_into=basis.target_currency,
        ),
        label="Download parts by client",
    )


def _bold(text: str) -> str:
    return f"**{plain(text)}**"
