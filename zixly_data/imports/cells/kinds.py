"""The kinds of rows that can be imported, and the fields and headings of each.

A column's name is compared by its letters and digits alone, without case: `Invoice Date`,
`*InvoiceDate` and `invoice_date` are the same. The names are those of our own CSV first, then those
of Xero, HubSpot, MYOB and banks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zixly_data.tables.clients import CLIENT_ID, CLIENT_NAME, CLIENTS, CURRENCY
from zixly_data.tables.custom_metrics import CUSTOM_METRICS
from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import Field, FieldType
from zixly_data.tables.financials import FINANCIALS
from zixly_data.tables.lead_events import LEAD_EVENTS
from zixly_data.tables.overheads import OVERHEADS
from zixly_data.values.names import LONGEST_NAME


class Kind(StrEnum):
    """The kind of the rows of a file."""

    CLIENTS = "CLIENTS"
    FINANCIALS = "FINANCIALS"
    OVERHEADS = "OVERHEADS"
    LEAD_EVENTS = "LEAD_EVENTS"
    CUSTOM_METRICS = "CUSTOM_METRICS"

    @property
    def label(self) -> str:
        """The kind in a sentence: `lead events`."""
        return self.lower().replace("_", " ")


@dataclass(frozen=True)
class FileField:
    """A field of a row, as files have it. `names` are its headings, letters and digits alone.

    `column` is the column of the table that its values fill; empty if rules of the kind decide.
    """

    name: str
    label: str
    names: tuple[str, ...]
    type: FieldType = "text"
    longest: int = LONGEST_NAME
    column: str = ""


def _file_field(field: Field) -> FileField:
    column = "" if field.is_derived else field.name
    return FileField(
        field.file_name or field.name, field.label, field.headings, field.type, field.limit, column
    )


def _fields(table: EntryTable, *only_in_files: FileField) -> tuple[FileField, ...]:
    """Return the importable fields of a table. Those that only files have come before the note."""
    fields = [_file_field(field) for field in table.fields.values() if field.headings]
    place = [field.name for field in fields].index("note")
    return (*fields[:place], *only_in_files, *fields[place:])


def _of_client(field: Field, name: str) -> FileField:
    """Return the field by which a row of a record names its client."""
    return FileField(name, f"Client: {field.noun}", field.headings, longest=field.limit)


_ID = FileField("id", "Record ID in Zixly", ("id", "recordid", "zixlyid"))
_CLIENT = (_of_client(CLIENT_ID, "client_id"), _of_client(CLIENT_NAME, "client_name"))
_PROJECT = FileField(
    "project", "Project, where no client is named",
    ("project", "projectname", "projekt", "projektname"),
)  # fmt: skip
_CURRENCY = FileField("currency", CURRENCY.label, CURRENCY.headings, "currency")
# An overhead names none: a row that does is refused instead of losing its client.
_NO_CLIENT = FileField(
    "client", "Client (must be empty)",
    ("client", "clientname", "clientid", "customer", "customername", "customerid", "kunde"),
)  # fmt: skip
_AMOUNT = FileField(
    "amount", "Amount",
    (
        "amount", "amountaud", "netamount", "value", "transactionamount", "total", "invoicetotal",
        "totalamount", "grandtotal", "invoiceamount", "grossamount", "subtotal", "amountdue",
        "linesubtotal", "lineamount", "linetotal", "itemtotal", "net", "gross", "amountexgst",
        "amountinclgst", "amountincgst", "inctaxamount", "betrag", "nettobetrag", "bruttobetrag",
        "gesamtbetrag", "rechnungsbetrag", "netto", "brutto", "summenetto", "summebrutto",
    ),
    "money",
)  # fmt: skip
# Tax that the amount includes or that is added to it, as an amount.
_TAX = FileField(
    "tax", "Tax",
    (
        "taxtotal", "totaltax", "taxamount", "tax", "gst", "gstamount", "totalgst", "gsttotal",
        "vat", "vatamount", "totalvat", "vattotal", "hst", "hstamount", "salestax", "mwst",
        "mwstbetrag", "ust", "ustbetrag", "umsatzsteuer", "mehrwertsteuer", "steuer",
        "steuerbetrag", "itemtaxamount", "linetax", "tax1amount", "summesteuern", "taxes",
    ),
    "money",
)  # fmt: skip

# Of a file with a row for each deal, at its current stage. Its date is the day of creation.
_DEAL = (
    FileField(
        "close_date", "Deal: closed on",
        ("closedate", "closeddate", "closingdate", "closedon", "dealclosedon", "dealcloseddate",
         "actualclosedate", "wontime", "wondate", "wonon", "abschlussdatum",
         "gewonnenum", "gewonnenam"), "date",
    ),
    FileField(
        "lost_date", "Deal: lost on",
        ("losttime", "lostdate", "loston", "verlorenum", "verlorenam"), "date",
    ),
    FileField(
        "stage_date", "Deal: at its stage since",
        ("dateenteredcurrentstage", "laststagechange", "laststagechangedate", "stagechangedate",
         "lastupdatedstage", "stagemodifiedtime"), "date",
    ),
    FileField("deal_status", "Deal: open, won or lost", ("dealstatus", "status", "outcome")),
    FileField(
        "deal_id", "Deal: ID", ("recordid", "dealid", "opportunityid", "datensatzid"), longest=60
    ),
)  # fmt: skip
DEAL_FIELDS = frozenset(field.name for field in _DEAL)
DEAL_DATES = tuple(field.name for field in _DEAL if field.type == "date")

TABLES: dict[Kind, EntryTable] = {
    Kind.CLIENTS: CLIENTS,
    Kind.FINANCIALS: FINANCIALS,
    Kind.OVERHEADS: OVERHEADS,
    Kind.LEAD_EVENTS: LEAD_EVENTS,
    Kind.CUSTOM_METRICS: CUSTOM_METRICS,
}
FIELDS: dict[Kind, tuple[FileField, ...]] = {
    Kind.CLIENTS: (_ID, *_fields(CLIENTS)),
    Kind.FINANCIALS: (_ID, *_CLIENT, *_fields(FINANCIALS, _AMOUNT, _TAX, _CURRENCY)),
    Kind.OVERHEADS: (_ID, *_fields(OVERHEADS, _AMOUNT, _TAX), _NO_CLIENT),
    Kind.LEAD_EVENTS: (_ID, *_CLIENT, *_fields(LEAD_EVENTS, *_DEAL, _CURRENCY)),
    Kind.CUSTOM_METRICS: (_ID, *_CLIENT, _PROJECT, *_fields(CUSTOM_METRICS)),
}

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
        Kind.OVERHEADS: (("date",), ("revenue", "expenses", "amount")),
        Kind.LEAD_EVENTS: (client, ("lead_id",), ("stage",), ("date",)),
        Kind.CUSTOM_METRICS: (
            (*client, "project"),
            ("metric_name",),
            ("metric_value",),
            ("date",),
        ),
    }[kind]


def field_of(kind: Kind, name: str) -> FileField:
    """Return the field of this name."""
    return next(field for field in FIELDS[kind] if field.name == name)
