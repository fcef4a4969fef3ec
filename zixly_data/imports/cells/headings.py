"""Names of columns: normalised for comparison, and the names that Zixly recognises."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zixly_data.imports.cells.kinds import DERIVED, FIELDS

_SEPARATORS = re.compile(r"[\W_]+")
_SUFFIX = re.compile(
    r"\s*[(\[][^)\]]*[)\]]\s*$|\s+\(?(?:AUD|NZD|USD|GBP|EUR|\$|A\$|%)\)?$"
    r"|\s+(?i:exc?l?|incl?|excluding|including|before|net of)\.? (?i:GST|VAT|HST|tax)$"
)

# Pipedrive writes the kind of a record before each name: `Deal - Stage`.
_PREFIX = re.compile(r"^\s*Deal\s+[-–]\s+")

FIELD_NAMES = frozenset(
    name for fields in FIELDS.values() for field in fields for name in field.names
)
# Columns in files of other programs that Zixly does not read; they help to detect the header.
_FOREIGN_NAMES = frozenset({
    "type", "duedate", "invoiceamountpaid", "invoiceamountdue", "taxtotal", "quantity",
    "unitamount", "taxtype", "taxamount", "emailaddress", "dealowner", "pipeline", "createdate",
    "categories", "serial", "bankaccount", "transactiontype", "merchantname", "firstname", "gst",
    "jobno", "salesperson", "customerpo", "accountcode", "user", "benutzer", "billable",
    "abrechenbar", "endtime", "endzeit",
})  # fmt: skip


# The running balance of an account, in the files of banks.
_BALANCES = frozenset({"balance", "runningbalance", "closingbalance", "accountbalance"})
# The two sides of an account: money in and out, not revenue and expenses.
MONEY_IN = frozenset({
    "credit", "creditamount", "credits", "moneyin", "deposit", "deposits", "paidin", "received",
    "cr", "in", "haben",
})  # fmt: skip
MONEY_OUT = frozenset({
    "debit", "debitamount", "debits", "moneyout", "withdrawal", "withdrawals", "paidout", "dr",
    "out", "soll",
})  # fmt: skip
# What a provider keeps of each payment.
_FEES = frozenset({
    "fee", "fees", "processingfee", "processingfees", "transactionfee", "transactionfees",
    "stripefee", "paypalfee", "merchantfee", "feeamount", "totalfees",
})  # fmt: skip
# Columns of documents and of what they sell, which an account of a bank has not.
_DOCUMENTS = frozenset({
    "invoicenumber", "invoiceno", "invoiceid", "documentnumber", "documentno", "invoice",
    "invoicenum", "num", "docnum", "docno", "duedate", "qty", "quantity", "productservice",
})  # fmt: skip


def normalise_heading(name: str) -> str:
    """Return the letters and digits of a name, without case: `invoicedate` for `*InvoiceDate`."""
    return _SEPARATORS.sub("", name.casefold())


def normalise_without_suffix(name: str) -> str:
    """Return the normalised name without its suffix: `revenue` for `Revenue (AUD)`, and without the
    kind of record in front: `stage` for `Deal - Stage`."""
    return normalise_heading(_PREFIX.sub("", _SUFFIX.sub("", name)))


def has_balance(header: Iterable[str]) -> bool:
    """Return whether a file has the running balance of an account, as a bank's has. The balance of
    an invoice is what is still to be paid, and that of a report of sales adds them up."""
    keys = {normalise_heading(name) for name in header}
    return bool(keys & _BALANCES) and not keys & _DOCUMENTS


def is_fee(name: str) -> bool:
    """Return whether a heading is that of the fees for receiving a payment."""
    return normalise_heading(name) in _FEES


def is_known_heading(name: str) -> bool:
    """Return whether files that Zixly recognises have a column of this name."""
    key = normalise_heading(name)
    return (
        key in FIELD_NAMES
        or key in DERIVED
        or key in _FOREIGN_NAMES
        or normalise_without_suffix(name) in FIELD_NAMES
    )
