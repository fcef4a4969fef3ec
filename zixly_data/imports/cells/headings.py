"""Names of columns: how they are compared, and which of them Zixly knows."""

from __future__ import annotations

import re

from zixly_data.imports.cells.kinds import DERIVED, FIELDS

_NEITHER = re.compile(r"[\W_]+")
_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$|\s+\(?(?:AUD|NZD|USD|GBP|EUR|\$|A\$|%)\)?$")

_NAMES = frozenset(name for fields in FIELDS.values() for field in fields for name in field.names)
# What others' files have beside what Zixly reads: enough of them make a line a header.
_OTHERS = frozenset({
    "type", "duedate", "invoiceamountpaid", "invoiceamountdue", "taxtotal", "quantity",
    "unitamount", "taxtype", "taxamount", "emailaddress", "dealowner", "pipeline", "createdate",
    "categories", "serial", "bankaccount", "transactiontype", "merchantname", "firstname", "gst",
    "jobno", "salesperson", "customerpo", "accountcode",
})  # fmt: skip


def normalised(name: str) -> str:
    """The letters and digits of a column's name, without case: `*InvoiceDate` is `invoicedate`."""
    return _NEITHER.sub("", name.casefold())


def without_aside(name: str) -> str:
    """The normalised name without what stands behind it: `Revenue (AUD)` is `revenue`."""
    return normalised(_ASIDE.sub("", name))


def is_known(name: str) -> bool:
    """Whether this is the name of a column in files that Zixly knows."""
    key = normalised(name)
    return key in _NAMES or key in DERIVED or key in _OTHERS or without_aside(name) in _NAMES
