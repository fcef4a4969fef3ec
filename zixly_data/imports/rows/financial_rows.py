"""The rules of the rows of a file of financial records."""

from __future__ import annotations

from zixly_data.imports.rows.currency_rules import check_currency
from zixly_data.imports.rows.overhead_rows import stage_of_no_client
from zixly_data.imports.rows.staging import RowStager


def stage_financials(stager: RowStager) -> None:
    columns = stager.staged.columns
    columns["client_kpi_id"] = stager.client()
    columns["record_date"] = stager.date()
    revenue, expenses = stager.amounts()
    has_amount = stager.has_column("amount")
    if stager.has_column("revenue") or has_amount:
        columns["revenue"] = revenue
    if stager.has_column("expenses") or has_amount:
        columns["expenses"] = expenses
    check_currency(stager, "revenue", "expenses", "amount")
    if stager.staged.of_no_client:
        stage_of_no_client(stager)
