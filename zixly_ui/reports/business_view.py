"""The profit of the business on a page: its four lines, both margins, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import pandas as pd
import streamlit as st

from zixly_data.figures.business.report import BusinessReport
from zixly_data.identity import Identity, Role
from zixly_data.values.period import Period
from zixly_ui.components.printing import screen_only
from zixly_ui.reports import business_text, profit_cards
from zixly_ui.reports.business_text import CurrencyLines
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.page_links import period_query


def currencies(
    totals: pd.DataFrame, lines: Iterable[pd.DataFrame], reporting_currency: str
) -> Sequence[str]:
    """Return the currencies of totals and of `ComparedLines`, the reporting currency first."""
    codes = {*totals["currency"], *chain.from_iterable(frame["currency"] for frame in lines)}
    return sorted(codes, key=lambda code: (code != reporting_currency, code))


def lines_by_currency(report: BusinessReport, reporting_currency: str) -> dict[str, CurrencyLines]:
    """Return the lines of each currency with amounts of no client, the reporting currency first."""
    baseline = profit_cards.baseline_name(report.report.period, report.report.before)
    codes = dict.fromkeys(report.lines["currency"])
    by_currency = {
        code: business_text.lines_in(report.lines, code, baseline)
        for code in sorted(codes, key=lambda code: (code != reporting_currency, code))
    }
    return {code: lines for code, lines in by_currency.items() if lines is not None}


def show_lines(lines: CurrencyLines, period: Period, key: str) -> None:
    """Show the lines as a table, both margins, and advice on records that are not yet assigned.

    `key` distinguishes the tables of a page.
    """
    with st.container(key=f"business-lines-{key}", gap="xsmall"):
        st.markdown(business_text.table(lines))
        st.caption(plain(business_text.margins_text(lines)))
    advice = business_text.unassigned_text(lines)
    if advice:
        st.warning(plain(advice), icon=":material/help:")
        st.page_link(
            page_path("overheads.py"),
            label="Assign records under Overheads",
            icon=":material/assignment_turned_in:",
            query_params=period_query(period),
        )


def show_business(identity: Identity, lines: CurrencyLines, period: Period) -> None:
    """Show the lines of one currency below its clients, with all advice."""
    with st.container(border=True):
        st.subheader(plain(business_text.title(lines)), anchor=False)
        show_lines(lines, period, lines.currency)
        _show_coverage(identity, lines)


def _show_coverage(identity: Identity, lines: CurrencyLines) -> None:
    """Warn if client margins leave out most costs, and link to where costs get their client."""
    warning = business_text.few_expenses_text(lines)
    if warning is None:
        return
    st.warning(plain(warning), icon=":material/warning:")
    if identity.role.includes(Role.EDITOR):
        with screen_only(f"coverage-{lines.currency}"):
            st.page_link(
                page_path("financials.py"),
                label="Record expenses of a client",
                icon=":material/payments:",
            )
            st.page_link(
                page_path("import_file.py"),
                label="Import expenses with their clients",
                icon=":material/upload_file:",
            )
