"""The four kinds of rows that can be imported, and the fields and headings of each.

A column's name is compared by its letters and digits alone, without case: `Invoice Date`,
`*InvoiceDate` and `invoice_date` are the same. The names are those of our own CSV first, then those
of Xero, HubSpot, MYOB and banks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """The kind of the rows of a file."""

    CLIENTS = "CLIENTS"
    FINANCIALS = "FINANCIALS"
    LEAD_EVENTS = "LEAD_EVENTS"
    CUSTOM_METRICS = "CUSTOM_METRICS"

    @property
    def label(self) -> str:
        """The kind in a sentence: `lead events`."""
        return self.lower().replace("_", " ")


# The type of a column, which decides the reader of its cells.
FieldType = Literal["id", "text", "client", "money", "number", "date", "currency", "status"]


@dataclass(frozen=True)
class Field:
    """A field of a row. `names` are its headings, letters and digits alone."""

    name: str
    label: str
    type: FieldType
    names: tuple[str, ...]
    longest: int = 200


_ID = Field("id", "Record ID of Zixly", "id", ("id", "recordid", "zixlyid"))
_CLIENT_ID = Field(
    "client_id", "Client: external ID", "client",
    ("clientid", "externalid", "contactid", "accountnumber", "companyid", "cardid",
     "customerid", "associatedcompanyids", "associatedcompanyidsprimary", "clientcode", "code"),
    100,
)  # fmt: skip
_CLIENT_NAME = Field(
    "client_name", "Client: name", "client",
    ("clientname", "client", "contactname", "contact", "customer", "customername", "company",
     "companyname", "colastname", "associatedcompany", "associatedcompanyprimary", "name",
     "payee", "account", "accountname"),
)  # fmt: skip
_CURRENCY = Field(
    "currency", "Currency", "currency",
    ("currency", "currencycode", "dealcurrency", "invoicecurrency"),
)  # fmt: skip
_NOTE = Field(
    "note", "Note", "text",
    ("note", "notes", "description", "memo", "details", "narrative", "comment", "comments",
     "transactiondescription", "particulars", "reference", "journalmemo"),
    2000,
)  # fmt: skip
_EXTERNAL_ID = Field(
    "external_id", "Number of the document", "text",
    ("externalrecordid", "invoicenumber", "invoiceno", "documentnumber", "documentno",
     "transactionid", "journalnumber", "journalno", "receiptnumber", "invoiceid", "idno"),
)  # fmt: skip


def _date(*names: str) -> Field:
    common_names = (
        "date",
        "recorddate",
        "eventdate",
        "month",
        "day",
        "transactiondate",
        "postingdate",
    )
    return Field("date", "Date", "date", (*common_names, *names))


FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.CLIENTS: (
        _ID, _CLIENT_ID, _CLIENT_NAME,
        Field("industry", "Industry", "text", ("industry", "sector", "category", "type"), 100),
        _CURRENCY,
        Field("status", "Status", "status", ("status", "clientstatus", "lifecyclestage", "active")),
    ),
    Kind.FINANCIALS: (
        _ID, _CLIENT_ID, _CLIENT_NAME,
        _date("invoicedate", "issuedate", "entereddate", "processeddate", "valuedate", "paiddate"),
        Field("revenue", "Revenue", "money",
              ("revenue", "income", "sales", "turnover", "credit", "creditamount", "moneyin",
               "deposit", "deposits", "paidin", "invoiced", "billed", "total", "invoicetotal",
               "lineamount", "totalamount", "invoiceamount", "fees")),
        Field("expenses", "Expenses", "money",
              ("expenses", "expense", "costs", "cost", "debit", "debitamount", "moneyout",
               "withdrawal", "withdrawals", "paidout", "costofsales", "spend", "spent")),
        Field("amount", "Amount, in (+) or out (−)", "money",
              ("amount", "amountaud", "netamount", "value", "transactionamount")),
        _CURRENCY, _NOTE, _EXTERNAL_ID,
    ),
    Kind.LEAD_EVENTS: (
        _ID, _CLIENT_ID, _CLIENT_NAME,
        Field("lead_id", "Lead", "text",
              ("leadid", "lead", "leadname", "dealname", "deal", "opportunity", "opportunityname",
               "dealid", "enquiry"), 100),
        Field("stage", "Stage", "text", ("stage", "dealstage", "leadstage", "pipelinestage"), 100),
        _date("createdate", "closedate", "createddate", "stagedate", "dateentered", "enquirydate"),
        Field("value", "Value", "money",
              ("value", "amount", "dealamount", "dealvalue", "amountincompanycurrency",
               "estimatedvalue")),
        _CURRENCY, _NOTE, _EXTERNAL_ID,
    ),
    Kind.CUSTOM_METRICS: (
        _ID, _CLIENT_ID, _CLIENT_NAME,
        Field("metric_name", "Metric", "text", ("metricname", "metric", "kpi", "measure"), 100),
        Field("metric_value", "Value", "number",
              ("metricvalue", "value", "result", "score", "actual", "amount", "figure")),
        Field("unit", "Unit", "text", ("unit", "units", "uom"), 40),
        _date("measuredon", "period"),
        _NOTE, _EXTERNAL_ID,
    ),
}  # fmt: skip

# Columns of our own CSV, and of other files, with values that Zixly computes or keeps itself.
DERIVED = frozenset({
    "profit", "margin", "sourcesystem", "firstrecord", "lastrecord", "version", "kind", "outof",
    "balance", "runningbalance", "clientkpiid",
})  # fmt: skip


def required(kind: Kind) -> tuple[tuple[str, ...], ...]:
    """Return the required fields in groups; a file needs at least one field of each group."""
    client = ("client_id", "client_name", "id")
    return {
        Kind.CLIENTS: (("client_id", "client_name", "id"),),
        Kind.FINANCIALS: (client, ("date",), ("revenue", "expenses", "amount")),
        Kind.LEAD_EVENTS: (client, ("lead_id",), ("stage",), ("date",)),
        Kind.CUSTOM_METRICS: (client, ("metric_name",), ("metric_value",), ("date",)),
    }[kind]


def field_of(kind: Kind, name: str) -> Field:
    """Return the field of this name."""
    return next(field for field in FIELDS[kind] if field.name == name)
