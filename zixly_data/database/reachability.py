"""Whether the database answers, for monitors."""

from __future__ import annotations

import psycopg

from zixly_data.database import connection


def is_reachable() -> bool:
    """Return whether the open database answers a new connection of the pages' login.

    Takes no connection from the pools, so it neither waits for a full one nor starts a server. It
    may take as long as the server hangs; a server that is gone is noticed after two seconds.
    """
    database = connection.opened()
    if database is None:
        return False
    arguments, parameters = database.app.dialect.create_connect_args(database.app.url)
    limits = {"connect_timeout": 2, "tcp_user_timeout": 2_000}
    try:
        with psycopg.connect(*arguments, **{**parameters, **limits}, autocommit=True) as asked:
            asked.execute("select 1")
    except psycopg.Error:
        return False
    return True
