"""The clients that a file adds, and the external ids made for those that come without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from zixly_data.errors import InvalidInput
from zixly_data.imports.references import ReferenceData, ReferencedClient, normalise_name
from zixly_data.values.currency_names import parse_currency_name
from zixly_data.values.ids import new_id


class UnusedClientIds:
    """Makes external ids from names, which no client and no row of the file uses."""

    def __init__(self, reference_data: ReferenceData, used_ids: set[str]) -> None:
        self._reference_data, self._used_ids = reference_data, used_ids
        # The last number tried for each base: names of signs alone all have the same base.
        self._numbers: dict[str, int] = {}

    def use(self, *client_ids: str) -> None:
        """Note that a row uses these ids."""
        self._used_ids.update(client_ids)

    def make(self, name: str) -> str:
        """Make an unused external id from a name: `HARBOUR-CAFE`, `HARBOUR-CAFE-2`."""
        base = "-".join(
            "".join(letter if letter.isalnum() else " " for letter in name.upper()).split()
        )[:90]
        base = base or "CLIENT"
        number = self._numbers.get(base, 0)
        while True:
            number += 1
            candidate = base if number == 1 else f"{base}-{number}"
            if candidate not in self._used_ids and not self._reference_data.clients_with_id(
                candidate
            ):
                self._numbers[base] = number
                return candidate


class NewClients:
    """The clients that a file adds: one for each external id, or each name without one."""

    def __init__(self, reference_data: ReferenceData, client_ids: Iterable[str]) -> None:
        self.clients: list[ReferencedClient] = []
        self._reference_data = reference_data
        self._ids = UnusedClientIds(reference_data, set(client_ids))
        self._by_client_id: dict[str, ReferencedClient] = {}
        self._by_name: dict[str, list[ReferencedClient]] = defaultdict(list)

    def add(self, client_id: str | None, name: str, currency: str | None) -> str | None:
        """Return our id of the new client, creating it if necessary; None if several new clients
        have the name and no id tells them apart."""
        if client_id:
            if normalise_name(client_id) not in self._by_client_id:
                self._create(client_id, name, currency)
            return self._by_client_id[normalise_name(client_id)].id
        namesakes = self._by_name[normalise_name(name)]
        if not namesakes:
            self._create(self._ids.make(name), name, currency)
        return namesakes[0].id if len(namesakes) == 1 else None

    @property
    def notes(self) -> list[str]:
        """A sentence for each name that several of the new clients have."""
        return [
            f"{len(clients)} new clients are called “{clients[0].client_name}”: "
            f"{', '.join(client.client_id for client in clients)}."
            for clients in self._by_name.values()
            if len(clients) > 1
        ]

    def _create(self, client_id: str, name: str, currency: str | None) -> None:
        try:
            code = parse_currency_name(currency or "")
        except InvalidInput:
            code = self._reference_data.currency
        client = ReferencedClient(new_id("ckpi"), client_id, name, code)
        self.clients.append(client)
        self._ids.use(client_id)
        self._by_client_id[normalise_name(client_id)] = client
        self._by_name[normalise_name(client.client_name)].append(client)
