"""Which client each row of a file means.

A file names a client by its external id, by its name, or by both; the id decides. What Zixly does
not know is asked about: a decision in the mapping says whether it is added, left out, or is one of
our clients after all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.mapping import ADD, LEAVE_OUT
from zixly_data.imports.references import Known, KnownClient, normalise_name
from zixly_data.values.currencies import parse_currency
from zixly_data.values.ids import new_id

NOT_KNOWN = (
    "Zixly does not know this client. Add it, choose the one that is meant, or leave it out."
)
NOT_NAMED = "The row names no client."
SEVERAL = "More than one client has this name. Say which by its external ID."
# So many pairs of names are compared for suggestions, some 0.1 ms each.
_COMPARISONS = 20_000

# The external id and the name that a row has; our id of the client, and a reason.
Pair = tuple[str | None, str | None]
Answer = tuple[str | None, str]


@dataclass(frozen=True)
class UnknownClient:
    """A client of the file that Zixly does not know: as the file writes it, and in how many rows.

    `like` are the ids of ours with names much like it, the likeliest first.
    """

    written: str
    rows: int
    like: tuple[str, ...]


@dataclass
class ClientsInFile:
    """For each row: our id of its client, what is wrong, or that it is left out."""

    ids: list[str | None]
    problems: dict[int, str]
    left_out: set[int]
    unknown: list[UnknownClient]
    added: dict[str, KnownClient]


def find_clients(
    references: Sequence[str | None] | None,
    names: Sequence[str | None] | None,
    currencies: Sequence[str | None] | None,
    count: int,
    decisions: Mapping[str, str],
    known: Known,
) -> ClientsInFile:
    """The clients of `count` rows, from the columns of external ids, names and currencies."""
    nothing: list[str | None] = [None] * count
    pairs = list(zip(references or nothing, names or nothing, strict=True))
    said: dict[Pair, Answer] = dict.fromkeys(pairs, (None, NOT_NAMED))
    new = _NewClients(known, said, _first_currencies(pairs, currencies))
    # Those with an external id come first: a mere name may be the name of one of them.
    for pair in sorted(said, key=lambda pair: pair[0] is None):
        said[pair] = _find(pair, decisions, known, new)
    found = ClientsInFile([], {}, set(), [], {each.id: each for each in new.clients})
    unknown: Counter[str] = Counter()
    for row, pair in enumerate(pairs):
        client, reason = said[pair]
        found.ids.append(client)
        if reason:
            if reason == LEAVE_OUT:
                found.left_out.add(row)
            elif reason != ADD:
                found.problems[row] = reason
        if reason in (NOT_KNOWN, LEAVE_OUT, ADD) or (client and _written(pair) in decisions):
            unknown[_written(pair)] += 1
    found.unknown += _with_likely_ones(unknown, known)
    return found


class _NewClients:
    """The clients that a file brings along: one for each external id, or name without one."""

    def __init__(self, known: Known, pairs: Iterable[Pair], currencies: Mapping[Pair, str]) -> None:
        self.clients: list[KnownClient] = []
        self._known, self._currencies = known, currencies
        self._taken = {reference for reference, _ in pairs if reference}
        self._by_reference: dict[str, KnownClient] = {}
        self._by_name: dict[str, list[KnownClient]] = defaultdict(list)

    def called(self, pair: Pair) -> Answer:
        """Our id of the new client that is meant, made where there is none; or SEVERAL."""
        reference, name = pair
        if reference:
            if normalise_name(reference) not in self._by_reference:
                self._add(pair, reference)
            return self._by_reference[normalise_name(reference)].id, ADD
        alike = self._by_name[normalise_name(name or "")]
        if not alike:
            self._add(pair, free_reference(name or "", self._known, self._taken))
        return (alike[0].id, ADD) if len(alike) == 1 else (None, SEVERAL)

    def _add(self, pair: Pair, reference: str) -> None:
        try:
            currency = parse_currency(self._currencies[pair])
        except (KeyError, InvalidInput):
            currency = self._known.currency
        client = KnownClient(new_id("ckpi"), reference, pair[1] or reference, currency)
        self.clients.append(client)
        self._taken.add(reference)
        self._by_reference[normalise_name(reference)] = client
        self._by_name[normalise_name(client.client_name)].append(client)


def _find(pair: Pair, decisions: Mapping[str, str], known: Known, new: _NewClients) -> Answer:
    """Our id and nothing, or a reason. A client that is added has both."""
    written = _written(pair)
    if not written:
        return None, NOT_NAMED
    clients = known.called(*pair)
    if len(clients) == 1:
        return clients[0].id, ""
    if len(clients) > 1:
        return None, SEVERAL
    decision = decisions.get(written)
    if decision == LEAVE_OUT:
        return None, LEAVE_OUT
    if decision == ADD:
        return new.called(pair)
    if decision in known.by_id:
        return decision, ""
    return None, NOT_KNOWN


def _first_currencies(
    pairs: Sequence[Pair], currencies: Sequence[str | None] | None
) -> dict[Pair, str]:
    """What the first row of each client that names a currency says."""
    found: dict[Pair, str] = {}
    for pair, currency in zip(pairs, currencies or (), strict=currencies is not None):
        if currency and pair not in found:
            found[pair] = currency
    return found


def _with_likely_ones(unknown: Counter[str], known: Known) -> list[UnknownClient]:
    """The unknown in the order of the file; the likely ones are looked up for the most frequent
    alone, for each is compared with every client."""
    ours = {normalise_name(client.client_name): client.id for client in known.clients}
    some = _COMPARISONS // max(len(ours), 1)
    frequent = {written for written, _ in unknown.most_common(some)}
    found = []
    for written, rows in unknown.items():
        like = get_close_matches(normalise_name(written), ours, n=3) if written in frequent else []
        found.append(UnknownClient(written, rows, tuple(ours[name] for name in like)))
    return found


def free_reference(name: str, known: Known, taken: set[str]) -> str:
    """An external id made of the name that no client has: `HARBOUR-CAFE`, `HARBOUR-CAFE-2`."""
    base = "-".join("".join(x if x.isalnum() else " " for x in name.upper()).split())[:90]
    base = base or "CLIENT"
    number, wanted = 1, base
    while wanted in taken or known.called(wanted, None):
        number += 1
        wanted = f"{base}-{number}"
    return wanted


def _written(pair: Pair) -> str:
    """How the file calls a client: by its name where it has one."""
    reference, name = pair
    return name or reference or ""
