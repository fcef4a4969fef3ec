"""The conventions about policies, views, functions and samples, which keep tenants apart.

Each function takes a superuser's connection and returns one line per violation, sorted.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from tests.support.database.conventions import single_column


def views_of_their_owner(connection: Connection) -> list[str]:
    """A view reads with its reader's rights, or it reads every tenant."""
    return single_column(connection, """
        select c.oid::regclass::text from pg_class c
        where c.relnamespace::regnamespace::text = any (:schemas) and c.relkind = 'v'
          and not coalesce('security_invoker=true' = any (c.reloptions), false)
    """)  # fmt: skip


def readable_materialized_views(connection: Connection) -> list[str]:
    """Policies do not cover materialised views, so no role of a team may read one."""
    return single_column(connection, """
        select c.oid::regclass || ' by ' || r.rolname from pg_class c, pg_roles r
        where c.relkind = 'm' and r.rolname = any (:team || array['zixly_app', 'zixly_auth'])
          and has_any_column_privilege(r.oid, c.oid, 'select')
    """)  # fmt: skip


def loose_definer_functions(connection: Connection) -> list[str]:
    """Security-definer functions pin their path, pg_temp last; PUBLIC may not call them, and their
    owner is subject to policies."""
    return single_column(connection, """
        select p.oid::regprocedure || ': ' || fault.what
        from pg_proc p join pg_roles o on o.oid = p.proowner
        cross join lateral (values
          (not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false),
           'search_path is not pinned'),
          (exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                   where a.grantee = 0), 'executable by PUBLIC'),
          (o.rolsuper or o.rolbypassrls, 'owned by a superuser')) as fault (there, what)
        where p.prosecdef and fault.there
          and p.pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
    """)  # fmt: skip


def unpinned_functions(connection: Connection) -> list[str]:
    """Our other functions pin their path too, so the caller's path has no effect."""
    return single_column(connection, """
        select p.oid::regprocedure::text from pg_proc p
        where p.pronamespace::regnamespace::text = any (:schemas) and not p.prosecdef
          and not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)
    """)  # fmt: skip


def functions_that_stop_parallel_queries(connection: Connection) -> list[str]:
    """Functions that read in schema app, and functions that a policy or a default calls."""
    return single_column(connection, """
        select distinct p.oid::regprocedure::text from pg_proc p
        where p.pronamespace = 'app'::regnamespace and p.proparallel <> 's'
          and (p.provolatile <> 'v' or exists (
            select from pg_depend d where d.refclassid = 'pg_proc'::regclass
              and d.refobjid = p.oid
              and d.classid in ('pg_policy'::regclass, 'pg_attrdef'::regclass)))
    """)  # fmt: skip


def overlapping_policies(connection: Connection) -> list[str]:
    """Two permissive policies for one verb and role are ORed: a leak in waiting."""
    return single_column(connection, """
        select p.polrelid::regclass || ' ' || v.verb || ' ' || r.rolname
        from pg_policy p
        join (values ('r', 'select'), ('a', 'insert'), ('w', 'update'), ('d', 'delete'))
          as v (cmd, verb) on p.polcmd::text in (v.cmd, '*')
        join pg_roles r on r.rolname like 'zixly\\_%' and (r.oid = any (p.polroles)
                                                          or 0 = any (p.polroles))
        where p.polpermissive
        group by p.polrelid, v.verb, r.rolname having count(*) > 1
    """)  # fmt: skip


def tables_without_the_belt(connection: Connection) -> list[str]:
    """One restrictive policy per table holds the whole team, for every verb, to the tenant."""
    return single_column(connection, """
        select c.relname from pg_class c
        where c.relnamespace = 'zixly'::regnamespace and c.relkind in ('r', 'p') and not exists (
          select from pg_policy p, format('(%s = ( SELECT app.tenant_id() AS tenant_id))',
            case c.relname when 'tenants' then 'id' else 'tenant_id' end) as ours
          where p.polrelid = c.oid and not p.polpermissive and p.polcmd = '*'
            and (select array_agg(x::regrole::text order by 1) from unnest(p.polroles) as x)
                @> (select array_agg(t order by 1) from unnest(cast(:team as text[])) as t)
            and pg_get_expr(p.polqual, p.polrelid) = ours
            and pg_get_expr(p.polwithcheck, p.polrelid) = ours)
    """)  # fmt: skip


def policies_of_the_team_without_tenant_and_role(connection: Connection) -> list[str]:
    """A permissive policy contains both tests itself and relies on no other policy."""
    return single_column(connection, """
        select p.polrelid::regclass || ': ' || p.polname from pg_policy p
        cross join lateral (select concat_ws(' and also ',
          case when p.polcmd <> 'a' then coalesce(pg_get_expr(p.polqual, p.polrelid), '') end,
          case when p.polcmd in ('a', 'w')
            then coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') end)) as e (said)
        where p.polpermissive
          and p.polroles && (select array_agg(oid) || 0::oid from pg_roles
                             where rolname = any (:team || array['zixly_app', 'zixly_auth']))
          and exists (select from regexp_split_to_table(e.said, ' and also ') as test
            where test !~ '^\\(\\((tenant_id|id) = \\( SELECT app.tenant_id\\(\\) AS tenant_id'
                          '\\)\\) AND \\( SELECT \\(app.role\\(\\) = ANY \\([^()]*\\)\\)\\)'
                          '( AND \\(source_system = ANY \\([^()]*\\)\\))?\\)$')
    """)  # fmt: skip


def policies_that_ask_for_every_row(connection: Connection) -> list[str]:
    """app.* is called in its own sub-select: once per statement, not once per row."""
    return single_column(connection, r"""
        select p.polrelid::regclass || ': ' || p.polname from pg_policy p
        where regexp_replace(concat(pg_get_expr(p.polqual, p.polrelid),
                                    pg_get_expr(p.polwithcheck, p.polrelid)),
                             '\( SELECT (app\.\w+\(\) AS \w+|\(app\.\w+\(\) = ANY \([^()]*\)\))\)',
                             '', 'g') ~ '\mapp\.'
    """)  # fmt: skip


def sampled_columns(connection: Connection) -> list[str]:
    """Estimates are made of the rows of all tenants: no column, no expression of an index and no
    group of columns is sampled."""
    return single_column(connection, """
        select a.attrelid::regclass || '.' || a.attname from pg_attribute a
        join pg_class c on c.oid = a.attrelid and c.relnamespace = 'zixly'::regnamespace
        left join pg_index i on i.indexrelid = c.oid
        where a.attnum > 0 and not a.attisdropped and a.attstattarget is distinct from 0
          and (c.relkind in ('r', 'p', 'm') or c.relkind = 'i' and i.indkey[a.attnum - 1] = 0)
        union all
        select stxrelid::regclass || ': ' || stxname from pg_statistic_ext
        join pg_class on pg_class.oid = stxrelid and relnamespace = 'zixly'::regnamespace
    """)  # fmt: skip


CONVENTIONS = (
    views_of_their_owner,
    readable_materialized_views,
    loose_definer_functions,
    unpinned_functions,
    functions_that_stop_parallel_queries,
    overlapping_policies,
    tables_without_the_belt,
    policies_of_the_team_without_tenant_and_role,
    policies_that_ask_for_every_row,
    sampled_columns,
)
