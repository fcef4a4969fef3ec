"""Cache of the statements that SQLAlchemy builds.

SQLAlchemy takes several times as long to build a report's statement as PostgreSQL takes to run it.
A statement contains the query, the tenant's id and the filters; never a row, nor the user:
PostgreSQL applies the user's rights at each execution.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from zixly_data.identity import Identity

MAX_STATEMENTS = 500

Parameters = ParamSpec("Parameters")
Statement = TypeVar("Statement")


def cached_statement(
    build: Callable[Concatenate[Identity, Parameters], Statement],
) -> Callable[Concatenate[Identity, Parameters], Statement]:
    """Cache the statements of `build` by tenant and arguments; the 500 used last are kept.

    `build` may use only the tenant of the identity. All other arguments are hashable.
    """
    statements: OrderedDict[Hashable, Statement] = OrderedDict()
    lock = threading.Lock()

    @wraps(build)
    def statement(
        identity: Identity, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Statement:
        key = (identity.tenant_id, args, tuple(sorted(kwargs.items())))
        with lock:
            if key in statements:
                statements.move_to_end(key)
                return statements[key]
        built = build(identity, *args, **kwargs)
        with lock:
            statements[key] = built
            if len(statements) > MAX_STATEMENTS:
                statements.popitem(last=False)
        return built

    return statement
