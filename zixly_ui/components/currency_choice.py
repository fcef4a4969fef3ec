"""In which currency a page's figures are: each by itself, or all converted into one.

currency=NZD        clients with amounts in NZD, as they are
currency=all        every client, converted into the tenant's reporting currency
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from zixly_data.values.client_filter import ClientFilter
from zixly_ui.shell import url_state

ALL = "all"
_KEY = "filter-currency"
_HELP = (
    "Amounts in several currencies are never added. “All” converts each month's amounts with the "
    "exchange rate of that month."
)


@dataclass(frozen=True)
class Basis:
    """Figures in `currency`: of clients that are paid in it, or of all, converted."""

    currency: str
    converted: bool = False

    @property
    def target_currency(self) -> str | None:
        """What to hand to `zixly_data` as the currency to convert into."""
        return self.currency if self.converted else None

    def of(self, client_filter: ClientFilter) -> ClientFilter:
        """The filter, narrowed to the clients that this basis is about."""
        return (
            client_filter if self.converted else replace(client_filter, currencies=(self.currency,))
        )

    @property
    def label(self) -> str:
        return (
            f"all currencies, converted into {self.currency}" if self.converted else self.currency
        )


def target_currency_choice(currencies: Sequence[str], reporting_currency: str) -> str | None:
    """The currency to convert everything into, or None for each currency by itself, the default.

    For pages that show several currencies below each other. With one currency there is nothing to
    choose and nothing is drawn.
    """
    each = "each"
    told = url_state.new_values(("currency",), _KEY)
    wanted = st.session_state.get(_KEY)
    if told is not None:
        wanted = "".join(told["currency"][:1])
    several = len(set(currencies) | {reporting_currency}) > 1
    st.session_state[_KEY] = ALL if wanted == ALL and several else each
    if several:
        st.segmented_control(
            "Currencies",
            (each, ALL),
            key=_KEY,
            required=True,
            format_func=lambda one: (
                f"All in {reporting_currency}" if one == ALL else "Each by itself"
            ),
            help=_HELP,
        )
    chosen = st.session_state[_KEY]
    url_state.write({"currency": [ALL] if chosen == ALL else []})
    return reporting_currency if chosen == ALL else None


def basis_choice(currencies: Sequence[str], reporting_currency: str) -> Basis:
    """The basis the person chose: the reporting currency by itself unless they did.

    `currencies` are those with amounts on record. With one currency there is nothing to choose and
    nothing is drawn; amounts of several are never added without having been converted.
    """
    options = sorted(currencies, key=lambda each: (each != reporting_currency, each))
    first = options[0] if options else reporting_currency
    told = url_state.new_values(("currency",), _KEY)
    wanted = st.session_state.get(_KEY)
    if told is not None:
        wanted = "".join(told["currency"][:1])
    several = len(options) > 1
    known = [*options, ALL] if several else options
    st.session_state[_KEY] = wanted if wanted in known else first
    if several:
        st.segmented_control(
            "Currency",
            known,
            key=_KEY,
            required=True,
            format_func=lambda each: f"All in {reporting_currency}" if each == ALL else each,
            help=_HELP,
        )
    chosen = str(st.session_state[_KEY])
    url_state.write({"currency": [] if chosen == first else [chosen]})
    return Basis(reporting_currency, True) if chosen == ALL else Basis(chosen)
