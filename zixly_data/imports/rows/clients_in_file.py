"""Resolves the client of each row of a file.

A file names a client by external id, by name, or by both; the id decides. What Zixly does not know
needs a decision in the mapping, by its `client_key`:

a name          add it, leave it out, or treat it as one of our clients
an unknown id   beside the name of a client of ours: that client, or a new one of the same name
several names   the one of them that is meant; `Kea (Primary);Kea Holdings` says it itself
no name at all  of amounts: an overhead, or left out
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from zixly_data.imports.cells.mapping import ADD, LEAVE_OUT, OVERHEAD, READ_AS
from zixly_data.imports.references import ReferenceData, ReferencedClient, normalise_name
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.client_names import (
    Decisions,
    client_key,
    primary_name,
    split_names,
    suggest_similar,
)
from zixly_data.imports.rows.new_clients import NewClients
from zixly_data.imports.rows.questions import UnknownClient

UNKNOWN_CLIENT = "This client is unknown. Add it, choose an existing client, or leave it out."
NO_CLIENT_NAMED = "The row has no client."
_NO_CLIENT_DECIDED = "The row has no client. Count it as an overhead, or leave it out."
AMBIGUOUS_NAME = "More than one client has this name. Use its external ID instead."
_SEVERAL_NAMES = "This cell names several clients. Choose the one that the row is about."

# The external id and the name in a row.
ClientCells = tuple[str | None, str | None]


@dataclass
class FileClients:
    """Our client id of each row; the rows with a problem, those that are left out, and those whose
    amounts belong to no client.

    `unknown` lists the clients that need or had a decision, `added` holds the new ones by our id,
    `notes` are sentences about them.
    """

    ids: list[str | None] = field(default_factory=list)
    problems: dict[int, tuple[Cause, str]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    of_no_client: set[int] = field(default_factory=set)
    unknown: list[UnknownClient] = field(default_factory=list)
    added: dict[str, ReferencedClient] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Resolution:
    """The client of a pair of cells: our id, or a decision without one, or a problem. `asked` are
    the questions on the way."""

    ours: str | None = None
    decision: str | None = None
    problem: tuple[Cause, str] | None = None
    asked: Sequence[UnknownClient] = ()


def find_clients(
    client_ids: Sequence[str | None] | None,
    names: Sequence[str | None] | None,
    currencies: Sequence[str | None] | None,
    count: int,
    decisions: Decisions,
    reference_data: ReferenceData,
    *,
    may_be_overheads: bool = False,
    is_our_file: bool = False,
    left_out: Collection[int] = (),
) -> FileClients:
    """Find the clients of `count` rows, from the columns of external ids, names and currencies.

    Rows that `may_be_overheads` are asked about if they name no client. In a file with ids of our
    own, a name stands for its client also beside an unknown external id. Nothing is asked about
    rows that are `left_out`.
    """
    empty: list[str | None] = [None] * count
    pairs = list(zip(client_ids or empty, names or empty, strict=True))
    resolver = _Resolver(
        decisions, reference_data, pairs, currencies, may_be_overheads, is_our_file
    )
    # Rows with an external id come first: a row with only a name may mean one of their clients.
    in_order = sorted(dict.fromkeys(pairs), key=lambda pair: pair[0] is None)
    resolutions = {pair: resolver.resolve(pair) for pair in in_order}
    clients = FileClients(
        added={client.id: client for client in resolver.new_clients.clients},
        notes=resolver.new_clients.notes,
    )
    asked: dict[str, UnknownClient] = {}
    rows: Counter[str] = Counter()
    for row, pair in enumerate(pairs):
        resolution = resolutions[pair] if row not in left_out else _Resolution()
        clients.ids.append(resolution.ours)
        if resolution.decision == LEAVE_OUT:
            clients.left_out.add(row)
        elif resolution.decision == OVERHEAD:
            clients.of_no_client.add(row)
        elif resolution.problem is not None:
            clients.problems[row] = resolution.problem
        for unknown in resolution.asked:
            asked.setdefault(unknown.name, unknown)
            rows[unknown.name] += 1
    clients.unknown += suggest_similar(list(asked.values()), rows, reference_data)
    return clients


class _Resolver:
    """Resolves pairs of cells, each once, and keeps the clients that they add."""

    def __init__(
        self,
        decisions: Decisions,
        reference_data: ReferenceData,
        pairs: Sequence[ClientCells],
        currencies: Sequence[str | None] | None,
        may_be_overheads: bool,
        is_our_file: bool,
    ) -> None:
        self._decisions, self._reference_data = decisions, reference_data
        self._may_be_overheads, self._is_our_file = may_be_overheads, is_our_file
        self._currencies = _first_currencies(pairs, currencies)
        self.new_clients = NewClients(
            reference_data, {client_id for client_id, _ in pairs if client_id}
        )
        self._ids_by_name: dict[str, set[str]] = defaultdict(set)
        for client_id, name in set(pairs):
            if client_id and name:
                self._ids_by_name[normalise_name(name)].add(normalise_name(client_id))
        self._names = frozenset(
            normalise_name(name)
            for name in (
                *(client.client_name for client in reference_data.clients),
                *(name for _, name in set(pairs) if name),
            )
        )

    def resolve(self, pair: ClientCells) -> _Resolution:
        """Return the client of these cells."""
        currency = self._currencies.get(pair)
        asked: list[UnknownClient] = []
        client_id, name = pair
        # Each answer “read it as” names another one, and none a second time.
        while True:
            resolution, question = self._resolve_once(client_id, name, currency)
            if question is not None:
                asked.append(question)
            decision = (question and question.decision) or ""
            other = decision.removeprefix(READ_AS)
            if other == decision or any(other == question.name for question in asked):
                resolution.asked = asked
                return resolution
            client_id, name = self._with_part(client_id, name, other)

    def _resolve_once(
        self, client_id: str | None, name: str | None, currency: str | None
    ) -> tuple[_Resolution, UnknownClient | None]:
        """Return the client of these cells, and the question about them, if there is one."""
        ours = self._reference_data.clients_with_id(client_id) if client_id else []
        if not ours:
            client_id, name, parts = self._read_list(client_id, name)
            if not parts:
                ours = self._reference_data.clients_with_id(client_id) if client_id else []
            namesakes = self._reference_data.clients_named(name) if name else []
            if not ours and (not client_id or parts or self._is_our_file):
                ours, namesakes = namesakes, []
            if not ours:
                return self._ask(client_id, name, currency, parts, namesakes)
        if len(ours) == 1:
            return _Resolution(ours[0].id), None
        return _Resolution(problem=(Cause.AMBIGUOUS_CLIENT, AMBIGUOUS_NAME)), None

    def _ask(
        self,
        client_id: str | None,
        name: str | None,
        currency: str | None,
        parts: tuple[str, ...],
        namesakes: Sequence[ReferencedClient],
    ) -> tuple[_Resolution, UnknownClient | None]:
        text = name or client_id or ""
        if not text and not self._may_be_overheads:
            return _Resolution(problem=(Cause.NO_CLIENT, NO_CLIENT_NAMED)), None
        ids_of_name = self._ids_by_name.get(normalise_name(name or ""), ())
        is_told_apart = bool(namesakes) or len(ids_of_name) > 1
        key = client_key(client_id, name) if is_told_apart else text
        decision = self._decisions.get(key, text)
        is_ours = bool(text) and decision in self._reference_data.by_id
        is_set_aside = decision == LEAVE_OUT or (decision == OVERHEAD and self._may_be_overheads)
        is_added = bool(text) and decision == ADD
        is_read_as = (decision or "").startswith(READ_AS)
        question = UnknownClient(
            key,
            1,
            tuple(client.id for client in namesakes),
            (client_id or "") if namesakes else "",
            parts,
            decision if is_ours or is_set_aside or is_added or is_read_as else None,
        )
        if is_ours:
            return _Resolution(decision), question
        if is_set_aside:
            return _Resolution(decision=decision), question
        if is_added:
            row_id = self.new_clients.add(None if parts else client_id, text, currency)
            if row_id is None:
                return _Resolution(problem=(Cause.AMBIGUOUS_CLIENT, AMBIGUOUS_NAME)), question
            return _Resolution(row_id), question
        return _Resolution(problem=_problem(question)), question

    def _read_list(
        self, client_id: str | None, name: str | None
    ) -> tuple[str | None, str | None, tuple[str, ...]]:
        """Return the cells, of a list with a primary client those of this one, and the names if it
        remains a list. A list of ids beside one name says nothing more than the name."""
        text = name or client_id or ""
        if name and self._reference_data.clients_named(name):
            parts: tuple[str, ...] = ()
        else:
            parts = split_names(text, self._names)
            primary = primary_name(parts or (text,))
            if primary is not None:
                return (*self._with_part(client_id, name, primary), ())
        if name and client_id and len(split_names(client_id)) > 1 and not parts:
            client_id = None
        return client_id, name, parts

    def _with_part(self, client_id: str | None, name: str | None, part: str) -> ClientCells:
        """Return the cells of one client of a list. A new id in a list is not taken over: it need
        not belong to the name in the same place."""
        if not name:
            return part, None
        is_list = client_id is not None and len(split_names(client_id)) > 1
        return None if is_list else client_id, part


def _problem(question: UnknownClient) -> tuple[Cause, str]:
    if not question.name:
        return Cause.OPEN_QUESTION, _NO_CLIENT_DECIDED
    if question.parts:
        return Cause.UNKNOWN_CLIENT, _SEVERAL_NAMES
    if question.client_id:
        return Cause.UNKNOWN_CLIENT, namesake_text(question.client_id)
    return Cause.UNKNOWN_CLIENT, UNKNOWN_CLIENT


def namesake_text(client_id: str) -> str:
    """Return why a row is rejected whose id is unknown and whose name is not."""
    return (
        f"The external ID “{client_id}” is unknown, and there is a client with this name. Choose "
        "that client, or add a new one."
    )


def _first_currencies(
    pairs: Sequence[ClientCells], currencies: Sequence[str | None] | None
) -> dict[ClientCells, str]:
    """Return the first currency stated for each client."""
    first: dict[ClientCells, str] = {}
    for pair, currency in zip(pairs, currencies or (), strict=currencies is not None):
        if currency and pair not in first:
            first[pair] = currency
    return first
