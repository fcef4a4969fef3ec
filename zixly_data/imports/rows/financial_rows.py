"""The rules of the rows of a file of financial records."""

from __future__ import annotations

from zixly_data.imports.rows.amounts.row_amounts import stage_amounts
from zixly_data.imports.rows.amounts.row_meanings import read_meanings
from zixly_data.imports.rows.amounts.tax_notes import tax_notes
from zixly_data.imports.rows.currency_rules import check_currency
from zixly_data.imports.rows.overhead_rows import stage_of_no_client
from zixly_data.imports.rows.staging import RowStager


def stage_financials(stager: RowStager) -> None:
    columns = stager.staged.columns
    row_meanings = read_meanings(stager)
    columns["client_kpi_id"] = stager.client()
    columns["record_date"] = stager.date()
    taxes = stage_amounts(stager, row_meanings)
    check_currency(stager, "revenue", "expenses", "amount")
    stager.staged.notes += tax_notes(stager, taxes)
    if stager.staged.of_no_client:
        stage_of_no_client(stager)
