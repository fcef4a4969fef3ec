"""Which client each row of a file means.

A file names a client by its external id, by its name, or by both; the id decides. What Zixly does
not know is asked about: a decision in the mapping says whether it is added, left out, or is one of
our clients after all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from zixly_data.currencies import parse_currency
from zixly_data.errors import InvalidInput
from zixly_data.ids import new_id
from zixly_data.imports.known import Known, KnownClient, folded
from zixly_data.imports.mapping import ADD, LEAVE_OUT

NOT_KNOWN = (
    "Zixly does not know this client. Add it, choose the one that is meant, or leave it out."
)
NOT_NAMED = "The row names no client."
SEVERAL = "More than one client has this name. Say which by its external ID."


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
    found = ClientsInFile([], {}, set(), [], {})
    unknown: Counter[str] = Counter()
    seen: dict[tuple[str | None, str | None], tuple[str | None, str]] = {}
    for row, pair in enumerate(zip(references or nothing, names or nothing, strict=True)):
        answer = seen.get(pair)
        if answer is None:
            currency = currencies[row] if currencies else None
            answer = seen[pair] = _find(pair, currency, decisions, known, found.added)
        client, reason = answer
        found.ids.append(client)
        if reason == LEAVE_OUT:
            found.left_out.add(row)
        elif reason and reason != ADD:
            found.problems[row] = reason
        if reason in (NOT_KNOWN, LEAVE_OUT, ADD) or (client and _written(pair) in decisions):
            unknown[_written(pair)] += 1
    ours = {folded(client.client_name): client.id for client in known.clients}
    for written, rows in unknown.items():
        like = get_close_matches(folded(written), ours, n=3, cutoff=0.6)
        found.unknown.append(UnknownClient(written, rows, tuple(ours[name] for name in like)))
    return found


def _find(
    pair: tuple[str | None, str | None],
    currency: str | None,
    decisions: Mapping[str, str],
    known: Known,
    added: dict[str, KnownClient],
) -> tuple[str | None, str]:
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
        if written not in added:
            added[written] = _new_client(pair, currency, known, added)
        return added[written].id, ADD
    if decision in known.by_id:
        return decision, ""
    return None, NOT_KNOWN


def _new_client(
    pair: tuple[str | None, str | None],
    currency: str | None,
    known: Known,
    added: Mapping[str, KnownClient],
) -> KnownClient:
    reference, name = pair
    try:
        code = parse_currency(currency) if currency else known.currency
    except InvalidInput:
        code = known.currency
    return KnownClient(
        new_id("ckpi"),
        reference or free_reference(name or "", known, {each.client_id for each in added.values()}),
        name or reference or "",
        code,
    )


def free_reference(name: str, known: Known, taken: set[str]) -> str:
    """An external id made of the name that no client has: `HARBOUR-CAFE`, `HARBOUR-CAFE-2`."""
    base = "-".join("".join(x if x.isalnum() else " " for x in name.upper()).split())[:90]
    base = base or "CLIENT"
    number, wanted = 1, base
    while wanted in taken or known.called(wanted, None):
        number += 1
        wanted = f"{base}-{number}"
    return wanted


def _written(pair: tuple[str | None, str | None]) -> str:
    """How the file calls a client: by its name where it has one."""
    reference, name = pair
    return name or reference or ""
