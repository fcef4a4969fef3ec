"""The conventions about roles and rights: PostgreSQL's grants compared with `permissions.py`.

Each function takes a superuser's connection and returns one line per violation, sorted. A grant is
written as `role: right on object`.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tests.support.database.conventions import single_column
from zixly_data.access import table_permissions

ROLES = (
    "zixly_owner", "zixly_gatekeeper", "zixly_operator", *table_permissions.TEAM, "zixly_app",
    "zixly_auth",
)  # fmt: skip
LOGINS = ("zixly_app", "zixly_auth")

# All grants to our roles or to PUBLIC outside the system's schemas, without the rights of owners on
# their own objects.
_GRANTED = """
    with granted as (
      select c.oid::regclass::text as what, c.relowner as owner, a.*
      from pg_class c, aclexplode(c.relacl) a
      where c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
      union all
      select c.oid::regclass || '(' || t.attname || ')', c.relowner, a.*
      from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
      where c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
      union all
      select 'function ' || p.pronamespace::regnamespace || '.' || p.proname, p.proowner, a.*
      from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      where p.pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
      union all
      select 'schema ' || n.nspname, n.nspowner, a.*
      from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
      where n.nspname not in ('pg_catalog', 'information_schema')
      union all
      select 'database', d.datdba, a.*
      from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
      where d.datname = current_database()
      union all
      select 'parameter ' || parname, 10, a.* from pg_parameter_acl, aclexplode(paracl) a
      union all
      select 'what ' || defaclrole::regrole || ' makes', defaclrole, a.*
      from pg_default_acl, aclexplode(defaclacl) a
      union all
      select 'server ' || srvname, srvowner, a.* from pg_foreign_server, aclexplode(srvacl) a
      union all
      select 'wrapper ' || fdwname, fdwowner, a.* from pg_foreign_data_wrapper, aclexplode(fdwacl) a
      union all
      select 'large object', lomowner, a.* from pg_largeobject_metadata, aclexplode(lomacl) a
    )
    select coalesce(r.rolname, 'PUBLIC') || ': ' || lower(g.privilege_type)
           || case when g.is_grantable then ' with grant option' else '' end || ' on ' || g.what
    from granted g left join pg_roles r on r.oid = g.grantee
    where g.grantee <> g.owner and (g.grantee = 0 or r.rolname = any (:roles))
"""


def grants_outside_the_matrix(connection: Connection) -> list[str]:
    """Grants that should not exist."""
    return sorted(_granted(connection) - _expected(connection))


def grants_missing_from_the_database(connection: Connection) -> list[str]:
    """Grants that are missing."""
    return sorted(_expected(connection) - _granted(connection))


def default_privileges_that_give_functions_away(connection: Connection) -> list[str]:
    """Functions created later by either owner are granted to no role."""
    return single_column(connection, """
        select r.rolname from pg_roles r
        where r.rolname in ('zixly_owner', 'zixly_gatekeeper') and not exists (
          select from pg_default_acl d where d.defaclrole = r.oid and d.defaclnamespace = 0
            and d.defaclobjtype = 'f'
            and not exists (select from aclexplode(d.defaclacl) a where a.grantee = 0))
    """)  # fmt: skip


def strong_roles(connection: Connection) -> list[str]:
    """None of our roles bypasses the rules, and rights are taken by SET ROLE, never inherited."""
    return single_column(connection, """
        select rolname || ': ' || a.attribute from pg_roles cross join lateral (values
          ('superuser', rolsuper), ('bypassrls', rolbypassrls), ('createrole', rolcreaterole),
          ('createdb', rolcreatedb), ('replication', rolreplication), ('inherit', rolinherit),
          ('login', rolcanlogin and rolname <> all (:logins))) as a (attribute, there)
        where rolname = any (:roles) and a.there
    """, roles=list(ROLES), logins=list(LOGINS))  # fmt: skip


def memberships_outside_the_matrix(connection: Connection) -> list[str]:
    actual = connection.execute(sa.text("""
        select m.member::regrole::text, m.roleid::regrole::text, m.admin_option
        from pg_auth_members m where m.member::regrole::text = any (:roles)
    """), {"roles": list(ROLES)})  # fmt: skip
    return sorted(
        f"{member} is {role}" + (" and may pass it on" if admin else "")
        for member, role, admin in actual
        if admin or role not in table_permissions.MEMBERSHIPS.get(member, ())
    )


def strangers_who_own(connection: Connection) -> list[str]:
    """The owner owns tables, the gatekeeper or the owner functions; a team's roles own nothing."""
    return single_column(connection, """
        select c.oid::regclass || ' of ' || c.relowner::regrole from pg_class c
        where c.relnamespace::regnamespace::text = any (:schemas)
          and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
          and c.relowner <> 'zixly_owner'::regrole
        union all
        select p.oid::regprocedure || ' of ' || p.proowner::regrole from pg_proc p
        where p.pronamespace::regnamespace::text = any (:schemas)
          and p.proowner <> all (array['zixly_owner', 'zixly_gatekeeper']::regrole[])
        union all
        select 'schema ' || n.nspname || ' of ' || n.nspowner::regrole from pg_namespace n
        where n.nspname = any (:schemas) and n.nspowner <> 'zixly_owner'::regrole
    """)  # fmt: skip


def _granted(connection: Connection) -> set[str]:
    return set(single_column(connection, _GRANTED, roles=list(ROLES)))


def _expected(connection: Connection) -> set[str]:
    """The matrix as single grants."""
    grants = set(_team_grants())
    for relation, privileges in table_permissions.GATEKEEPER.items():
        for privilege in privileges.split():
            verb, _, column = privilege.partition("(")
            grants.add(f"zixly_gatekeeper: {verb} on {relation}{'(' + column if column else ''}")
    for schema, roles in table_permissions.SCHEMAS.items():
        grants |= {f"{role}: usage on schema {schema}" for role in roles}
        if schema != "zixly":
            # The gatekeeper creates its functions there.
            grants |= {
                f"zixly_gatekeeper: {verb} on schema {schema}" for verb in ("usage", "create")
            }
    for role, names in table_permissions.FUNCTIONS.items():
        for name in names:
            grants |= {f"{role}: execute on function {f}" for f in _functions(connection, name)}
    for schema in ("app", "app_private"):
        # The owner's migrations run defaults, and its triggers.
        grants |= {
            f"zixly_owner: execute on function {name}"
            for name in _functions(connection, f"{schema}.*", "zixly_gatekeeper")
        }
    grants |= {f"{login}: connect on database" for login in LOGINS}
    grants |= {"zixly_owner: create on database", "PUBLIC: connect on database"}
    # PostgreSQL's default: everyone may use schema public, where we keep nothing.
    return grants | {"PUBLIC: usage on schema public"}


def _team_grants() -> Iterable[str]:
    for table, rights in table_permissions.TABLES.items():
        for verb in ("select", "insert", "update", "delete"):
            places = [f"({column})" for column in rights.columns(verb)] or [""]
            for role in rights.roles(verb):
                for place in places:
                    yield f"zixly_{role.lower()}: {verb} on zixly.{table}{place}"


def _functions(connection: Connection, name: str, owner: str | None = None) -> list[str]:
    """The functions a name such as `app.role` or `app_auth.*` means."""
    schema, _, function = name.partition(".")
    return single_column(connection, """
        select distinct p.pronamespace::regnamespace || '.' || p.proname from pg_proc p
        where p.pronamespace::regnamespace::text = :schema
          and cast(:function as text) in ('*', p.proname::text)
          and coalesce(cast(:owner as text), p.proowner::regrole::text) = p.proowner::regrole::text
    """, schema=schema, function=function, owner=owner)  # fmt: skip


CONVENTIONS = (
    grants_outside_the_matrix,
    grants_missing_from_the_database,
    default_privileges_that_give_functions_away,
    strong_roles,
    memberships_outside_the_matrix,
    strangers_who_own,
)
