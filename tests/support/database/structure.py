"""All of a database except its rows, as text, so that two databases can be compared."""

from __future__ import annotations

import sqlalchemy as sa

from zixly_data.database import administration

# Owners are cast to text, or the union would cut every definition to the 63 characters of a name.
# Rights are sorted and an owner's default rights written out, so that equal rights look equal.
_STRUCTURE = sa.text("""
    with ours as (select oid from pg_namespace where nspname ~ '^(zixly|app)')
    select 'schema', oid::regnamespace::text, pg_get_userbyid(nspowner)::text,
           (select array_agg(a::text order by a::text)
            from unnest(coalesce(nspacl, acldefault('n', nspowner))) as a)::text
    from pg_namespace where oid in (select oid from ours)
    union all
    select 'table', c.oid::regclass::text, pg_get_userbyid(relowner)::text,
           concat_ws(' ', relkind, relrowsecurity, relforcerowsecurity,
                     (select array_agg(a::text order by a::text)
                      from unnest(coalesce(relacl, acldefault('r', relowner))) as a)::text)
    from pg_class c where relnamespace in (select oid from ours)
    union all
    select 'column', attrelid::regclass || ' ' || attname, format_type(atttypid, atttypmod),
           concat_ws(' ', attnotnull, attidentity, attgenerated, attcollation::regcollation,
                     attstattarget, pg_get_expr(adbin, adrelid),
                     (select array_agg(a::text order by a::text) from unnest(attacl) as a)::text)
    from pg_attribute a left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attnum > 0 and not attisdropped and attrelid in (
      select oid from pg_class where relkind = 'r' and relnamespace in (select oid from ours))
    union all
    select 'constraint', conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid), ''
    from pg_constraint where connamespace in (select oid from ours)
    union all
    select 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid), ''
    from pg_index where indrelid in (
      select oid from pg_class where relnamespace in (select oid from ours))
    union all
    select 'function', oid::regprocedure::text, prosrc,
           concat_ws(' ', pg_get_userbyid(proowner), prosecdef, provolatile, proconfig::text,
                     (select array_agg(a::text order by a::text)
                      from unnest(coalesce(proacl, acldefault('f', proowner))) as a)::text)
    from pg_proc where pronamespace in (select oid from ours)
    union all
    select 'policy', polrelid::regclass || ' ' || polname,
           concat_ws(' ', polcmd, polpermissive, pg_get_expr(polqual, polrelid),
                     pg_get_expr(polwithcheck, polrelid)),
           (select array_agg(r::regrole::text order by r::regrole::text)
            from unnest(polroles) as r)::text
    from pg_policy
    union all
    select 'trigger', tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid), tgenabled::text
    from pg_trigger where not tgisinternal
    union all
    select 'default right', defaclrole::regrole::text, defaclobjtype::text, defaclacl::text
    from pg_default_acl
    order by 1, 2, 3
""")


def structure(admin_url: str) -> list[tuple[str, ...]]:
    """Schemas, tables, columns, constraints, indexes, functions, policies, triggers and rights."""
    with administration.admin_engine(admin_url).connect() as superuser:
        return [tuple(row) for row in superuser.execute(_STRUCTURE)]
