"""The clients that a pasted block may name, by name and external id, and adding new ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports.references import ReferenceData, ReferencedClient, normalise_name
from zixly_data.imports.rows.new_clients import UnusedClientIds
from zixly_data.records import clients
from zixly_data.tables.clients import PROSPECT, ClientDraft
from zixly_data.values.currencies import parse_currency
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id
from zixly_data.values.names import parse_name


class Clients:
    """The clients of the tenant, by name and external id in their forms for comparison."""

    def __init__(self, referenced: Iterable[ReferencedClient]) -> None:
        self.by_id = {client.id: client for client in referenced}
        self._named: dict[str, list[str]] = defaultdict(list)
        self._coded: dict[str, list[str]] = defaultdict(list)
        for client in self.by_id.values():
            self._named[normalise_name(client.client_name)].append(client.id)
            self._coded[normalise_name(client.client_id)].append(client.id)

    @property
    def names(self) -> frozenset[str]:
        """All names and external ids, normalised."""
        return frozenset((*self._named, *self._coded))

    def matching(self, name: str, code: str) -> Sequence[str]:
        """Return our ids of the clients with this external id; otherwise with this name; otherwise
        with the name as their external id."""
        for texts, text in ((self._coded, code), (self._named, name), (self._coded, name)):
            if text and (matching := texts.get(normalise_name(text))):
                return matching
        return ()

    def similar(self, name: str) -> list[str]:
        """Return our ids of the clients with similar names, the most similar first."""
        close = get_close_matches(normalise_name(name), list(self._named), n=3)
        return [client for key in close for client in self._named[key]]


def read_clients(identity: Identity) -> Clients:
    return Clients(
        ReferencedClient(row["id"], row["client_id"], row["client_name"], row["currency"])
        for row in rows(clients.names(identity))
    )


def add_clients(
    identity: Identity,
    known: Clients,
    named: Mapping[tuple[str, str], str],
    currency: str,
    *,
    are_prospects: bool,
) -> int:
    """Add a client for each name and external id, one of which may be empty; return their number.

    `named` maps them to the currency that the block states, empty without one: then it is
    `currency`. Raises InvalidInput, AlreadyExists, AccessDenied.
    """
    reference = ReferenceData(currency, tuple(known.by_id.values()), (), (), (), "")
    unused = UnusedClientIds(reference, {code for _, code in named if code})
    for (name, code), stated in named.items():
        client_name = parse_name(name or code)
        draft = ClientDraft(
            client_id=code or unused.make(client_name),
            client_name=client_name,
            currency=_currency(stated) or currency,
            **({"status": PROSPECT} if are_prospects else {}),
        )
        clients.add(identity, draft, row_id=new_id("ckpi"))
        unused.use(draft.client_id)
    return len(named)


def _currency(text: str) -> str | None:
    try:
        return parse_currency(text)
    except InvalidInput:
        return None
