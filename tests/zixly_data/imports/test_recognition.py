"""Which columns of whose files mean what."""

from __future__ import annotations

import pytest

from zixly_data.imports import missing_columns, recognition
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import Table
from zixly_data.imports.files.opening import open_file

FIN = "fin_0192f3c1a8b27c4e9d0f6a5b4c3d2e1f"
XERO = (
    "*ContactName,EmailAddress,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,Total,TaxTotal,"
    "Type,Currency"
)
HUBSPOT = "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Associated Company"


def table(header: str, *rows: str) -> Table:
    return open_file("a.csv", "\n".join([header, *rows]).encode()).tables[0]


def named(file_table: Table, mapping: Mapping) -> dict[str, str]:
    return {field: file_table.header[place] for field, place in mapping.columns.items()}


@pytest.mark.parametrize(
    ("kind", "header", "row", "meant"),
    [
        (
            Kind.FINANCIALS,
            "id,record_date,client_kpi_id,client_id,client_name,currency,revenue,expenses,profit,"
            "source_system,note",
            f"{FIN},2024-03-01,ckpi_001,HBC,Harbor Bridge,AUD,5.00,1.00,4.00,manual,x",
            {
                "id": "id", "client_id": "client_id", "client_name": "client_name",
                "date": "record_date", "revenue": "revenue", "expenses": "expenses",
                "currency": "currency", "note": "note",
            },
        ),
        (
            Kind.CLIENTS,
            "id,client_id,client_name,industry,currency,status,revenue,expenses,profit,margin",
            "ckpi_001,HBC,Harbor Bridge,Construction,AUD,ACTIVE,5.00,1.00,4.00,0.8",
            {
                "id": "id", "client_id": "client_id", "client_name": "client_name",
                "industry": "industry", "currency": "currency", "status": "status",
            },
        ),
        (
            Kind.LEAD_EVENTS,
            "id,event_date,client_kpi_id,client_id,client_name,lead_id,stage,status,value,currency",
            "lev_01,2024-03-01,ckpi_001,HBC,Harbor Bridge,L-1,Won,WON,5.00,AUD",
            {
                "id": "id", "client_id": "client_id", "client_name": "client_name",
                "lead_id": "lead_id", "stage": "stage", "date": "event_date", "value": "value",
                "currency": "currency",
            },
        ),
        (
            Kind.CUSTOM_METRICS,
            "id,record_date,client_id,client_name,metric_name,metric_value,unit,kind,note",
            "met_01,2024-03-01,HBC,Harbor Bridge,NPS,42,points,NUMBER,",
            {
                "id": "id", "client_id": "client_id", "client_name": "client_name",
                "metric_name": "metric_name", "metric_value": "metric_value", "unit": "unit",
                "date": "record_date", "note": "note",
            },
        ),
        (
            Kind.FINANCIALS, XERO,
            "Acme,a@example.com,INV-1,Job 7,1/03/2024,15/03/2024,110.00,10.00,Sales invoice,AUD",
            {
                "client_name": "*ContactName", "external_id": "*InvoiceNumber",
                "date": "*InvoiceDate", "amount": "Total", "tax": "TaxTotal",
                "currency": "Currency", "note": "Reference",
            },
        ),
        (
            Kind.LEAD_EVENTS, HUBSPOT, "9871,New roof,Closed won,2024-03-01,Ann,5000,Acme",
            {
                "client_name": "Associated Company", "lead_id": "Deal Name",
                "stage": "Deal Stage", "date": "Close Date", "value": "Amount",
            },
        ),
        (
            Kind.FINANCIALS, "Co./Last Name\tInvoice No.\tDate\tMemo\tAmount",
            "Acme\t00001\t1/03/2024\tSale; Acme\t$110.00",
            {
                "client_name": "Co./Last Name", "external_id": "Invoice No.", "date": "Date",
                "amount": "Amount", "note": "Memo",
            },
        ),
        (
            Kind.FINANCIALS,
            "Bank Account,Date,Narrative,Debit Amount,Credit Amount,Balance,Categories,Serial",
            "032000 1,1/03/2024,ACME,,110.00,500.00,DEP,",
            {
                "date": "Date", "revenue": "Credit Amount", "expenses": "Debit Amount",
                "client_name": "Narrative",
            },
        ),
        (
            Kind.FINANCIALS,
            "Date,Amount,Account Number,,Transaction Type,Transaction Details,Balance,"
            "Merchant Name",
            "1 Mar 24,-45.00,0830,,EFTPOS,WOOLWORTHS,500.00,Woolworths",
            {"date": "Date", "amount": "Amount"},
        ),
        (
            Kind.FINANCIALS, "Client,Month,Revenue (AUD),Costs $", "Acme,2024-03,5,1",
            {
                "client_name": "Client", "date": "Month", "revenue": "Revenue (AUD)",
                "expenses": "Costs $",
            },
        ),
    ],
    ids=["own financials", "own clients", "own lead events", "own metrics", "Xero invoices",
         "HubSpot deals", "MYOB sales", "Westpac", "NAB", "by hand"],
)  # fmt: skip
def test_columns_are_recognised(kind: Kind, header: str, row: str, meant: dict[str, str]) -> None:
    file_table = table(header, row)
    assert recognition.guess_kind(file_table) == kind
    assert named(file_table, recognition.recognise(file_table, kind)) == meant


def test_the_record_id_of_another_organisation_is_not_ours() -> None:
    for ids, is_ours in (
        (("9871", "9872"), False), ((FIN, "9872"), False), (("lev_01", "lev_02"), False),
        ((FIN, ""), True), (("fin_001", "fin_002"), True), (("", ""), False),
    ):  # fmt: skip
        file_table = table(
            "Record ID,client,date,revenue", *(f"{one},Acme,1/3/2024,5" for one in ids)
        )
        assert ("id" in recognition.recognise(file_table, Kind.FINANCIALS).columns) is is_ours


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Client,Date,Amount", "amount"),
        ("Client,Date,Amount,Balance", "amount"),
        # The direction is in columns of their own.
        ("Client,Date,Amount,Revenue", None),
        ("Client,Date,Amount,Debit", None),
        # A total beside the costs of its row.
        ("Client,Date,Total,Costs", "revenue"),
        ("Client,Date,Total,Debit", None),
        ("Client,Date,Amount,Total", "amount"),
        ("Client,Date,Subtotal,Total", "amount"),
        ("Client,Date,Total,Subtotal", None),
    ],
)
def test_an_amount_is_used_unless_other_columns_have_the_direction(
    header: str, field: str | None
) -> None:
    file_table = table(header, "Acme,1/3/2024,5,7", "Acme,1/3/2024,-5,7")
    columns = recognition.recognise(file_table, Kind.FINANCIALS).columns
    assert next((name for name, place in columns.items() if place == 2), None) == field


@pytest.mark.parametrize(
    ("heading", "cells", "is_tax"),
    [
        ("TaxTotal", ["100.0000", "0.0000"], True),
        ("GST", ["10.00", ""], True),
        ("MwSt", ["19,00", "9,50"], True),
        ("GST", ["10"], True),
        ("GST", ["GST on Income", "GST Free"], False),
        ("GST", ["10%", "10%"], False),
        ("Tax %", ["10", "15"], False),
        ("GST", ["10", "10", "0", "10"], False),
        ("Tax", ["10% GST", "10% GST"], False),
        # Whole numbers that a heading calls amounts.
        ("Tax Total", ["10", "10", "10", "10"], True),
        ("GST Amount", ["10", "10", "0", "10"], True),
        ("Line Tax", ["1", "1"], True),
    ],
)
def test_a_column_of_tax_has_amounts(heading: str, cells: list[str], is_tax: bool) -> None:
    file_table = table(f"Client,Date,Amount,{heading}",
                       *(f'Acme,1/3/2024,5,"{cell}"' for cell in cells))  # fmt: skip
    assert ("tax" in recognition.recognise(file_table, Kind.FINANCIALS).columns) is is_tax


def test_of_columns_with_one_name_the_first_with_cells_is_suggested() -> None:
    file_table = table("client,date,revenue,Revenue", "Acme,1/3/2024,,5")
    assert recognition.recognise(file_table, Kind.FINANCIALS).columns["revenue"] == 3
    file_table = table("client,date,revenue,Revenue", "Acme,1/3/2024,4,5")
    assert recognition.recognise(file_table, Kind.FINANCIALS).columns["revenue"] == 2


def test_our_own_names_come_before_those_of_others() -> None:
    file_table = table("Contact,Total,Date,client_name,revenue", "x,1,1/3/2024,Acme,5")
    columns = recognition.recognise(file_table, Kind.FINANCIALS).columns
    assert (columns["client_name"], columns["revenue"]) == (3, 4)


@pytest.mark.parametrize("kind", Kind)
def test_no_column_serves_two_fields(kind: Kind) -> None:
    file_table = table("name,value,amount,date,stage,lead,metric,id", "a,1,1,1/3/2024,s,l,m,fin_1")
    places = list(recognition.recognise(file_table, kind).columns.values())
    assert places
    assert len(places) == len(set(places))


def test_nothing_is_guessed_where_names_say_nothing() -> None:
    file_table = table("Farbe,Anzahl,Preis", "rot,5,7")
    assert recognition.guess_kind(file_table) is None
    assert not recognition.recognise(file_table, Kind.FINANCIALS).columns


def test_what_is_missing_is_said_in_words() -> None:
    assert missing_columns(Kind.FINANCIALS, Mapping({"client_name": 0})) == [
        "No column is chosen for the date.",
        "No column is chosen for the amount (revenue, expenses, or one amount in and out).",
    ]
    for kind in Kind:
        assert missing_columns(kind, Mapping({}))
        everything = {field.name: 0 for field in recognition.FIELDS[kind]}
        assert missing_columns(kind, Mapping(everything)) == []


def test_a_header_is_known_again_by_its_names_in_their_order() -> None:
    key = recognition.header_key(table("*Client Name,Date", "Acme,1/3/2024"))
    assert len(key) == 64
    assert recognition.header_key(table("client_name;DATE", "Beta;2/3/2024")) == key
    assert recognition.header_key(table("date,client_name", "1/3/2024,Acme")) != key
    assert recognition.header_key(table("client_namedate,x", "Acme,1/3/2024")) != key
