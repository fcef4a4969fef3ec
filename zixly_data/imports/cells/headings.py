"""Names of columns: normalised for comparison, and the names that Zixly recognises."""

from __future__ import annotations

import re

from zixly_data.imports.cells.kinds import DERIVED, FIELDS

_SEPARATORS = re.compile(r"[\W_]+")
_SUFFIX = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$|\s+\(?(?:AUD|NZD|USD|GBP|EUR|\$|A\$|%)\)?$")

# Pipedrive writes the kind of a record before each name: `Deal - Stage`.
_PREFIX = re.compile(r"^\s*Deal\s+[-–]\s+")

_NAMES = frozenset(name for fields in FIELDS.values() for field in fields for name in field.names)
# Columns in files of other programs that Zixly does not read; they help to detect the header.
_FOREIGN_NAMES = frozenset({
    "type", "duedate", "invoiceamountpaid", "invoiceamountdue", "taxtotal", "quantity",
    "unitamount", "taxtype", "taxamount", "emailaddress", "dealowner", "pipeline", "createdate",
    "categories", "serial", "bankaccount", "transactiontype", "merchantname", "firstname", "gst",
    "jobno", "salesperson", "customerpo", "accountcode",
})  # fmt: skip


def normalise_heading(name: str) -> str:
    """Return the letters and digits of a name, without case: `invoicedate` for `*InvoiceDate`."""
    return _SEPARATORS.sub("", name.casefold())


def normalise_without_suffix(name: str) -> str:
    """Return the normalised name without its suffix: `revenue` for `Revenue (AUD)`, and without the
    kind of record in front: `stage` for `Deal - Stage`."""
    return normalise_heading(_PREFIX.sub("", _SUFFIX.sub("", name)))


def is_known_heading(name: str) -> bool:
    """Return whether files that Zixly recognises have a column of this name."""
    key = normalise_heading(name)
    return (
        key in _NAMES
        or key in DERIVED
        or key in _FOREIGN_NAMES
        or normalise_without_suffix(name) in _NAMES
    )
