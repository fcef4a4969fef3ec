"""Overview: the figures of this month, last month and this year, and the findings to act on."""

from __future__ import annotations

import itertools

import streamlit as st

from zixly_data.figures import client_totals, monthly, period_totals
from zixly_data.figures.business.lines import period_lines
from zixly_data.figures.ranked_clients import ranked_clients
from zixly_data.findings import ranking
from zixly_data.people import tenants
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.period import parse
from zixly_ui import charts
from zixly_ui.charts.plot import show_chart
from zixly_ui.components.cards import headline, metric_row
from zixly_ui.components.currency_choice import Basis
from zixly_ui.components.filters import currency_choice
from zixly_ui.components.printing import print_button
from zixly_ui.findings import listing as finding_list
from zixly_ui.findings.first_steps import show_next_step, show_steps
from zixly_ui.reports import business_text, business_view, profit_cards
from zixly_ui.reports.business_provenance import business_menu
from zixly_ui.reports.business_view import show_lines
from zixly_ui.reports.provenance_dialog import provenance_menu
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.page_links import open_client, period_query
from zixly_ui.shell.session import require_identity, snapshot

identity = require_identity()
st.title("Overview", anchor=False)
with snapshot(identity):
    tenant = tenants.get(identity)
    today = tenant.today()
    this_month, last_month, this_year, last_twelve, all_time = (
        parse(key, today, tenant.financial_year_start_month)
        for key in ("this-month", "last-month", "this-fy", "last-12-months", "all")
    )
    compared_periods = {
        period: period.like_for_like(today) for period in (this_month, last_month, this_year)
    }
    year_so_far, _ = compared_periods[this_year]
    twelve_months = monthly.by_month(identity, last_twelve)
    best_and_worst = ranked_clients(identity, year_so_far)
    totals = period_totals.period_totals(
        identity, [all_time, last_month, *itertools.chain(*compared_periods.values())]
    )
    lines_of = dict(
        zip(
            compared_periods,
            period_lines(identity, totals, compared_periods.values()),
            strict=True,
        )
    )
    recorded = client_totals.recorded(identity)
    findings = rows(ranking.most_urgent(identity, today))
if totals[all_time].empty:
    show_steps(identity, recorded)
    st.stop()
show_next_step(identity, recorded)

latest = totals[last_month]
if any(
    business_text.lines_in(lines_of[last_month], code, None)
    for code in lines_of[last_month]["currency"]
):
    counts = {row["currency"]: row["clients"] for row in rows(latest)}
    headline(
        business_text.headline_text(
            lines_of[last_month], counts, last_month.name, tenant.reporting_currency
        )
    )
elif latest.empty:
    headline(f"Nothing was recorded in {last_month.name}.")
else:
    headline(profit_cards.headline_text(latest, last_month.name, tenant.reporting_currency))

with st.container(border=True):
    st.subheader("What to do", anchor=False)
    finding_list.show_what_to_do(findings, today, tenant.reporting_currency)

currency = currency_choice(
    business_view.currencies(totals[all_time], lines_of.values(), tenant.reporting_currency)
)
for period, (current_period, earlier_period) in compared_periods.items():
    lines = business_text.lines_in(lines_of[period], currency, earlier_period.name)
    st.subheader(f"{period.name}{' so far' if period.is_partial(today) else ''}", anchor=False)
    metric_row(
        profit_cards.cards(
            profit_cards.in_currency(totals[current_period], currency),
            profit_cards.in_currency(totals[earlier_period], currency),
            earlier_period.name,
            currency,
            twelve_months if period == last_month else None,
            beside_business=lines is not None,
        ),
        period.key,
    )
    place, basis = f"{period.key}-", Basis(currency)
    if lines is None:
        provenance_menu(
            identity, current_period, ClientFilter(), basis, tenant.time_zone, place=place
        )
    else:
        show_lines(lines, current_period, period.key)
        business_menu(identity, current_period, basis, tenant.time_zone, place=place)
    if period == last_month:
        st.caption(f"The small charts show the twelve months to {plain(last_month.name)}.")

ranked = best_and_worst[best_and_worst["currency"] == currency]
with st.container(border=True):
    if ranked.empty:
        st.subheader(f"Nothing in {currency} was recorded in {this_year.name} so far", anchor=False)
    else:
        ranking_title = profit_cards.best_and_worst(ranked, currency)
        st.subheader(plain(f"{this_year.name} so far: {ranking_title}"), anchor=False)
        count = int(ranked["ranked"].iloc[0])
        opened_ids = show_chart(
            charts.profit_by_client(ranked, currency, count),
            "ranking",
            on_select=True,
            alt=f"Clients ranked by profit in {this_year.name}, in {currency}",
        )
        if count > len(ranked):
            st.page_link(
                page_path("profitability.py"),
                label=f"See all {count:,} clients",
                icon=":material/groups:",
                query_params=period_query(this_year),
            )
        open_client(opened_ids, this_year)
print_button(tenant, f"Amounts in {currency}")
