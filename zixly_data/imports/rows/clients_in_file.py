"""Resolves the client of each row of a file.

A file names a client by external id, by name, or by both; the id decides. Each unknown client needs
a decision in the mapping: add it, leave it out, or treat it as one of our clients.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.mapping import ADD, LEAVE_OUT, OVERHEAD
from zixly_data.imports.references import ReferenceData, ReferencedClient, normalise_name
from zixly_data.imports.rows.causes import Cause
from zixly_data.values.currency_names import parse_currency_name
from zixly_data.values.ids import new_id

UNKNOWN_CLIENT = "This client is unknown. Add it, choose an existing client, or leave it out."
NO_CLIENT_NAMED = "The row has no client."
AMBIGUOUS_NAME = "More than one client has this name. Use its external ID instead."
# Most pairs of letters compared for suggestions: 20,000 pairs of names of 30 letters.
_COMPARED_LETTERS = 20_000 * 30 * 30
_CAUSES = {
    UNKNOWN_CLIENT: Cause.UNKNOWN_CLIENT,
    NO_CLIENT_NAMED: Cause.NO_CLIENT,
    AMBIGUOUS_NAME: Cause.AMBIGUOUS_CLIENT,
}

# The external id and the name in a row; our id of the client, and a reason.
ClientCells = tuple[str | None, str | None]
Resolution = tuple[str | None, str]


@dataclass(frozen=True)
class UnknownClient:
    """A client of the file that is not in Zixly: its name in the file, and the number of its rows.

    `similar` holds our ids of the clients with similar names, the most similar first.
    """

    name: str
    rows: int
    similar: tuple[str, ...]


@dataclass
class FileClients:
    """Our client id of each row; the rows with a problem, those that are left out, and those whose
    amounts belong to no client.

    `unknown` lists the clients that need or had a decision, `added` holds the new ones by our id.
    """

    ids: list[str | None]
    problems: dict[int, tuple[Cause, str]]
    left_out: set[int]
    of_no_client: set[int]
    unknown: list[UnknownClient]
    added: dict[str, ReferencedClient]


def find_clients(
    client_ids: Sequence[str | None] | None,
    names: Sequence[str | None] | None,
    currencies: Sequence[str | None] | None,
    count: int,
    decisions: Mapping[str, str],
    reference_data: ReferenceData,
) -> FileClients:
    """Find the clients of `count` rows, from the columns of external ids, names and currencies."""
    empty: list[str | None] = [None] * count
    pairs = list(zip(client_ids or empty, names or empty, strict=True))
    resolutions: dict[ClientCells, Resolution] = dict.fromkeys(pairs, (None, NO_CLIENT_NAMED))
    new_clients = _NewClients(reference_data, resolutions, _first_currencies(pairs, currencies))
    # Rows with an external id come first: a row with only a name may mean one of their clients.
    for pair in sorted(resolutions, key=lambda pair: pair[0] is None):
        resolutions[pair] = _resolve(pair, decisions, reference_data, new_clients)
    file_clients = FileClients(
        [], {}, set(), set(), [], {client.id: client for client in new_clients.clients}
    )
    unknown: Counter[str] = Counter()
    for row, pair in enumerate(pairs):
        ours, reason = resolutions[pair]
        file_clients.ids.append(ours)
        if reason:
            if reason == LEAVE_OUT:
                file_clients.left_out.add(row)
            elif reason == OVERHEAD:
                file_clients.of_no_client.add(row)
            elif reason != ADD:
                file_clients.problems[row] = (_CAUSES[reason], reason)
        if reason in (UNKNOWN_CLIENT, LEAVE_OUT, OVERHEAD, ADD) or (
            ours and _name_in_file(pair) in decisions
        ):
            unknown[_name_in_file(pair)] += 1
    file_clients.unknown += _suggest_similar(unknown, reference_data)
    return file_clients


class _NewClients:
    """The clients that a file adds: one for each external id, or each name without one."""

    def __init__(
        self,
        reference_data: ReferenceData,
        pairs: Iterable[ClientCells],
        currencies: Mapping[ClientCells, str],
    ) -> None:
        self.clients: list[ReferencedClient] = []
        self._reference_data, self._currencies = reference_data, currencies
        self._ids = UnusedClientIds(
            reference_data, {client_id for client_id, _ in pairs if client_id}
        )
        self._by_client_id: dict[str, ReferencedClient] = {}
        self._by_name: dict[str, list[ReferencedClient]] = defaultdict(list)

    def resolve(self, pair: ClientCells) -> Resolution:
        """Return our id of the new client, creating it if necessary; or AMBIGUOUS_NAME."""
        client_id, name = pair
        if client_id:
            if normalise_name(client_id) not in self._by_client_id:
                self._add(pair, client_id)
            return self._by_client_id[normalise_name(client_id)].id, ADD
        namesakes = self._by_name[normalise_name(name or "")]
        if not namesakes:
            self._add(pair, self._ids.make(name or ""))
        return (namesakes[0].id, ADD) if len(namesakes) == 1 else (None, AMBIGUOUS_NAME)

    def _add(self, pair: ClientCells, client_id: str) -> None:
        try:
            currency = parse_currency_name(self._currencies[pair])
        except (KeyError, InvalidInput):
            currency = self._reference_data.currency
        client = ReferencedClient(new_id("ckpi"), client_id, pair[1] or client_id, currency)
        self.clients.append(client)
        self._ids.use(client_id)
        self._by_client_id[normalise_name(client_id)] = client
        self._by_name[normalise_name(client.client_name)].append(client)


def _resolve(
    pair: ClientCells,
    decisions: Mapping[str, str],
    reference_data: ReferenceData,
    new_clients: _NewClients,
) -> Resolution:
    """Return our id and an empty reason, or a reason alone; an added client has both."""
    name = _name_in_file(pair)
    if not name:
        return None, NO_CLIENT_NAMED
    clients = reference_data.matching_clients(*pair)
    if len(clients) == 1:
        return clients[0].id, ""
    if len(clients) > 1:
        return None, AMBIGUOUS_NAME
    decision = decisions.get(name)
    if decision in (LEAVE_OUT, OVERHEAD):
        return None, decision
    if decision == ADD:
        return new_clients.resolve(pair)
    if decision in reference_data.by_id:
        return decision, ""
    return None, UNKNOWN_CLIENT


def _first_currencies(
    pairs: Sequence[ClientCells], currencies: Sequence[str | None] | None
) -> dict[ClientCells, str]:
    """Return the first currency stated for each client."""
    first: dict[ClientCells, str] = {}
    for pair, currency in zip(pairs, currencies or (), strict=currencies is not None):
        if currency and pair not in first:
            first[pair] = currency
    return first


def _suggest_similar(unknown: Counter[str], reference_data: ReferenceData) -> list[UnknownClient]:
    """Return the unknown clients in the order of the file.

    Only the most frequent get suggestions, because each is compared with every client.
    """
    ours = {normalise_name(client.client_name): client.id for client in reference_data.clients}
    letters, compared, frequent = sum(map(len, ours)), 0, set()
    for name, _ in unknown.most_common():
        # A pair of short names takes hardly less time than one of thirty letters.
        compared += max(len(name) * letters, 30 * 30 * len(ours))
        if compared > _COMPARED_LETTERS:
            break
        frequent.add(name)
    clients = []
    for name, rows in unknown.items():
        similar = get_close_matches(normalise_name(name), ours, n=3) if name in frequent else []
        clients.append(UnknownClient(name, rows, tuple(ours[our_name] for our_name in similar)))
    return clients


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
            if candidate not in self._used_ids and not self._reference_data.matching_clients(
                candidate, None
            ):
                self._numbers[base] = number
                return candidate


def _name_in_file(pair: ClientCells) -> str:
    """Return the client's name in the file, or its external id if there is no name."""
    client_id, name = pair
    return name or client_id or ""
