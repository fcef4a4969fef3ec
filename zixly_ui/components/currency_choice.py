"""The currency of a page's figures: each currency by itself, or all converted into one.

currency=NZD        clients with amounts in NZD, unconverted
currency=all        every client, converted into the tenant's reporting currency
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from zixly_data.values.client_filter import ClientFilter
from zixly_ui.shell import url_state
from zixly_ui.shell.markdown import plain_options

ALL = "all"
_KEY = "filter-currency"
_HELP = (
    "Amounts in different currencies are never added together. “All” converts each month's amounts "
    "at the exchange rate of that month."
)


@dataclass(frozen=True)
class Basis:
    """Figures in `currency`: of clients paid in it or, if `converted`, of all clients."""

    currency: str
    converted: bool = False

    @property
    def target_currency(self) -> str | None:
        """Return the currency for `zixly_data` to convert into, or None."""
        return self.currency if self.converted else None

    def narrow(self, client_filter: ClientFilter) -> ClientFilter:
        """Return the filter, narrowed to the clients of this basis."""
        return (
            client_filter if self.converted else replace(client_filter, currencies=(self.currency,))
        )

    @property
    def label(self) -> str:
        """Return the name of the basis: `AUD`, or `all currencies, converted into AUD`."""
        return (
            f"all currencies, converted into {self.currency}" if self.converted else self.currency
        )


def target_currency_choice(currencies: Sequence[str], reporting_currency: str) -> str | None:
    """Return the currency to convert everything into, or None, the default.

    None means each currency by itself. For pages that show several currencies below each other;
    with one currency nothing is drawn.
    """
    unconverted = "each"
    linked = url_state.new_values(("currency",), _KEY)
    choice = st.session_state.get(_KEY)
    if linked is not None:
        choice = "".join(linked["currency"][:1])
    has_several = len(set(currencies) | {reporting_currency}) > 1
    st.session_state[_KEY] = ALL if choice == ALL and has_several else unconverted
    if has_several:
        st.segmented_control(
            "Currencies",
            (unconverted, ALL),
            key=_KEY,
            required=True,
            format_func=plain_options(
                lambda option: (
                    f"All in {reporting_currency}" if option == ALL else "Each separately"
                )
            ),
            help=_HELP,
        )
    selected = st.session_state[_KEY]
    url_state.write({"currency": [ALL] if selected == ALL else []})
    return reporting_currency if selected == ALL else None


def basis_choice(currencies: Sequence[str], reporting_currency: str) -> Basis:
    """Return the chosen basis, the reporting currency by itself unless the person chose otherwise.

    `currencies` are those with amounts on record. With one currency nothing is drawn; amounts in
    several currencies are never added without conversion.
    """
    options = sorted(currencies, key=lambda currency: (currency != reporting_currency, currency))
    default = options[0] if options else reporting_currency
    linked = url_state.new_values(("currency",), _KEY)
    choice = st.session_state.get(_KEY)
    if linked is not None:
        choice = "".join(linked["currency"][:1])
    has_several = len(options) > 1
    choices = [*options, ALL] if has_several else options
    st.session_state[_KEY] = choice if choice in choices else default
    if has_several:
        st.segmented_control(
            "Currency",
            choices,
            key=_KEY,
            required=True,
            format_func=plain_options(
                lambda option: f"All in {reporting_currency}" if option == ALL else option
            ),
            help=_HELP,
        )
    selected = str(st.session_state[_KEY])
    url_state.write({"currency": [] if selected == default else [selected]})
    return Basis(reporting_currency, True) if selected == ALL else Basis(selected)
