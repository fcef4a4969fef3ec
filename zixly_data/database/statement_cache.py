"""Statements that were put together once and serve again.

Putting together what a report asks takes SQLAlchemy several times as long as PostgreSQL takes to
answer. A statement holds the question alone, the tenant's id and the filters; never a row, nor who
asked: PostgreSQL decides again at each run what the person may see.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from zixly_data.identity import Identity

MOST = 500

Asked = ParamSpec("Asked")
Statement = TypeVar("Statement")


def cached_statement(
    build: Callable[Concatenate[Identity, Asked], Statement],
) -> Callable[Concatenate[Identity, Asked], Statement]:
    """Have `build` put a statement together once per tenant and arguments, the last 500 of them.

    Of the identity it may use the tenant alone; all other arguments are hashable.
    """
    known: OrderedDict[Hashable, Statement] = OrderedDict()
    lock = threading.Lock()

    @wraps(build)
    def statement(identity: Identity, /, *args: Asked.args, **named: Asked.kwargs) -> Statement:
        key = (identity.tenant_id, args, tuple(sorted(named.items())))
        with lock:
            if key in known:
                known.move_to_end(key)
                return known[key]
        made = build(identity, *args, **named)
        with lock:
            known[key] = made
            if len(known) > MOST:
                known.popitem(last=False)
        return made

    return statement
