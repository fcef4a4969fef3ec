"""The table `client_kpis`: the businesses that the tenant serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import Field
from zixly_data.values.names import LONGEST_NOTE

# The status of a company with an open deal and no bill yet; PostgreSQL ends it.
PROSPECT = "PROSPECT"
STATUSES = ("ACTIVE", "COMPLETED", PROSPECT)

CLIENT_ID = Field(
    "External ID", limit=100, is_key=True, example="MAF-2024-004",
    help="The client's ID elsewhere, such as your own number or its Xero contact ID.",
    headings=(
        "clientid", "externalid", "contactid", "accountnumber", "companyid", "cardid",
        "customerid", "associatedcompanyidsprimary", "associatedcompanyids", "clientcode", "code",
    ),
)  # fmt: skip
CLIENT_NAME = Field(
    "Name",
    headings=(
        "clientname", "client", "contactname", "contact", "customer", "customername", "company",
        "companyname", "colastname", "associatedcompanyprimary", "associatedcompany", "name",
        "payee", "account", "accountname", "organization", "organisation", "organizationname",
        "kunde", "kundenname", "zugeordnetesunternehmenprimary", "zugeordnetesunternehmen",
        "customercompany",
    ),
)  # fmt: skip
CURRENCY = Field(
    "Currency", "currency", help="A currency code, such as AUD or NZD.",
    headings=("currency", "currencycode", "dealcurrency", "invoicecurrency", "währung"),
)  # fmt: skip
_INDUSTRY = Field(
    "Industry", limit=100, clearable=True, headings=("industry", "sector", "category", "type")
)
_STATUS = Field(
    "Status", "option",
    headings=(
        "status", "clientstatus", "contactstatus", "customerstatus", "lifecyclestage", "active",
    ),
)  # fmt: skip
_NOTE = Field(
    "Note", "note", LONGEST_NOTE, lines=3, clearable=True,
    headings=("note", "notes", "description", "comment", "comments", "background"),
)  # fmt: skip


@dataclass(frozen=True)
class ClientDraft:
    """The fields of a client as a person enters them."""

    client_id: Annotated[str, CLIENT_ID]
    client_name: Annotated[str, CLIENT_NAME]
    industry: Annotated[str | None, _INDUSTRY] = None
    currency: Annotated[str, CURRENCY] = "AUD"
    status: Annotated[str, _STATUS] = "ACTIVE"
    note: Annotated[str | None, _NOTE] = None


def no_prospect(reason: str) -> str:
    """Return the sentence for a client that cannot become a prospect.

    `reason` is `Harbor Bridge has financial records`.
    """
    return f"{reason}, so it is a client. Choose Active or Completed."


CLIENTS = EntryTable("client_kpis", "client", "ckpi", ClientDraft)
