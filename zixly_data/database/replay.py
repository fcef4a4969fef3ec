"""Replay of the files of functions, on a database of any earlier version.

`create or replace` changes no return type, argument name or kind, and removes no default. Functions
that differ in these, and functions that are in no file any more, are dropped first, with what
depends on them in our own tables. All other functions are replaced: nothing is locked for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.administration import run_file, run_script
from zixly_data.errors import NotPrepared

_SIGNATURES = sa.text("""
    select p.oid, p.oid::regprocedure::text as name,
           concat_ws(' ', p.prokind, pg_get_function_arguments(p.oid), 'returns',
                     pg_get_function_result(p.oid)) as signature
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('app', 'app_auth', 'app_operator', 'app_private')
""")

# What depends on a function: how it is dropped, and how it is made again. policies.sql makes the
# policies again; until then, within the transaction, their tables show no rows.
_DEPENDANTS = sa.text("""
    with dependant as (
      select refobjid as function, classid, objid from pg_depend
      where refclassid = 'pg_proc'::regclass and refobjid = any(:functions))
    select function, format('drop trigger %I on %s', tgname, tgrelid::regclass) as drop,
           pg_get_triggerdef(oid) as make
    from dependant join pg_trigger on oid = objid and classid = 'pg_trigger'::regclass
    union all
    select function,
           format('alter table %s alter %I drop default', attrelid::regclass, attname),
           format('alter table %s alter %I set default %s', attrelid::regclass, attname,
                  pg_get_expr(adbin, adrelid))
    from dependant join pg_attrdef as d on d.oid = objid and classid = 'pg_attrdef'::regclass
    join pg_attribute on attrelid = adrelid and attnum = adnum and attgenerated = ''
    union all
    select function, format('alter table %s drop constraint %I', conrelid::regclass, conname),
           format('alter table %s add constraint %I %s', conrelid::regclass, conname,
                  pg_get_constraintdef(oid))
    from dependant join pg_constraint on oid = objid and classid = 'pg_constraint'::regclass
    where contype = 'c'
    union all
    select function, format('drop policy if exists %I on %s', polname, polrelid::regclass), null
    from dependant join pg_policy on oid = objid and classid = 'pg_policy'::regclass
""")


@dataclass(frozen=True)
class _Function:
    oid: int
    signature: str


def replay_functions(connection: Connection, paths: Sequence[Path]) -> None:
    """Make the functions of these files, and no others, the functions of our schemas.

    Runs as zixly_owner, in the caller's transaction. Raises NotPrepared if something outside our
    tables depends on a function that has to be dropped.
    """
    before = _functions(connection)
    kept = _signatures_of(connection, paths, before) if before else {}
    outdated = {name: old for name, old in before.items() if kept.get(name) != old.signature}
    dependants = connection.execute(
        _DEPENDANTS, {"functions": [old.oid for old in outdated.values()]}
    ).all()
    kept_names = {name.partition("(")[0] for name in kept}
    lasting = {old.oid for name, old in outdated.items() if name.partition("(")[0] in kept_names}
    for drop in dict.fromkeys(dependant.drop for dependant in dependants):
        run_script(connection, drop)
    for name in outdated:
        _drop(connection, name)
    _run_files(connection, paths)
    for make in dict.fromkeys(d.make for d in dependants if d.make and d.function in lasting):
        run_script(connection, make)


def _signatures_of(
    connection: Connection, paths: Sequence[Path], existing: dict[str, _Function]
) -> dict[str, str]:
    """Return the signature of each function in the files, by name: make them, look, and undo it."""
    attempt = connection.begin_nested()
    for name in existing:
        run_script(connection, f"drop routine if exists {name} cascade")
    _run_files(connection, paths)
    made = {name: function.signature for name, function in _functions(connection).items()}
    attempt.rollback()
    return made


def _functions(connection: Connection) -> dict[str, _Function]:
    return {row.name: _Function(row.oid, row.signature) for row in connection.execute(_SIGNATURES)}


def _run_files(connection: Connection, paths: Sequence[Path]) -> None:
    run_script(connection, "set local role zixly_gatekeeper")
    for path in paths:
        run_file(connection, path)
    run_script(
        connection, "grant execute on all functions in schema app, app_private to zixly_owner"
    )
    run_script(connection, "set local role zixly_owner")


def _drop(connection: Connection, name: str) -> None:
    try:
        run_script(connection, f"drop routine {name}")
    except sa.exc.DBAPIError as error:
        if isinstance(error.orig, psycopg.errors.DependentObjectsStillExist):
            raise NotPrepared(
                f"This version changes {name}, and something of your own uses it: "
                f"{error.orig.diag.message_detail}.",
                advice="Drop it, run this command again, and make it again.",
            ) from None
        raise
