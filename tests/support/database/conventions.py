"""The conventions about tables, keys and columns: each a function that returns its violations.

Every function takes a superuser's connection and returns one line per violation, sorted; an empty
list means that the convention is kept. `policies.py` has those about policies, views and
functions, `grants.py` those about roles and rights.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.access import table_permissions
from zixly_data.database import schema
from zixly_data.database.constraints import SENTENCES
from zixly_data.records.clients import DELETED_WITH_CLIENT

OUR_SCHEMAS = tuple(table_permissions.SCHEMAS)
# The two that span tenants on purpose; sql/migrations explains why.
UNIQUE_OVER_TENANTS = ("user_email_unique", "session_secret_unique")
# Functions that change these write the audit trail; or the table is the audit trail, has sums of
# audited records, or is private to a person and not for an ADMIN to read.
NOTED_BY_FUNCTIONS = (
    "tenants", "sessions", "audit_log", "password_resets", "second_factors", "financial_months",
    "overhead_months", "saved_views", "metric_inputs",
)  # fmt: skip
# The lock itself; sums of records that cannot change; notes on a chart and targets, which are no
# records.
UNDATED = ("closed_months", "financial_months", "overhead_months", "date_notes",
           "metric_targets")  # fmt: skip
# Sums that the database keeps of the financial records, which are counted.
GONE_UNCOUNTED = ("financial_months",)
# Identifiers of other systems: compared as text, never ordered.
FOREIGN_IDS = ("client_id", "lead_id", "external_id")


def single_column(connection: Connection, query: str, **parameters: object) -> list[str]:
    """The single text column of the query, sorted."""
    parameters = {"schemas": list(OUR_SCHEMAS), "team": list(table_permissions.TEAM)} | parameters
    statement = sa.text(query)
    bound = {name: parameters[name] for name in statement._bindparams}
    return sorted(str(row[0]) for row in connection.execute(statement, bound))


def tables_without_a_tenant(connection: Connection) -> list[str]:
    """Every table of the business has tenant_id, not null; `tenants` is keyed by its own id."""
    return single_column(connection, """
        select c.relname from pg_class c
        where c.relnamespace = 'zixly'::regnamespace and c.relkind in ('r', 'p', 'f')
          and c.relname <> 'tenants'
          and not exists (select from pg_attribute a where a.attrelid = c.oid
                          and a.attname = 'tenant_id' and a.attnotnull and not a.attisdropped)
    """)  # fmt: skip


def tables_without_forced_policies(connection: Connection) -> list[str]:
    return single_column(connection, """
        select relname || case when not relrowsecurity then ': not enabled'
                               else ': not forced' end
        from pg_class where relnamespace = 'zixly'::regnamespace and relkind in ('r', 'p', 'f')
          and not (relrowsecurity and relforcerowsecurity)
    """)  # fmt: skip


def keys_not_led_by_the_tenant(connection: Connection) -> list[str]:
    return single_column(connection, """
        select i.indexrelid::regclass::text from pg_index i
        join pg_class c on c.oid = i.indrelid and c.relnamespace = 'zixly'::regnamespace
        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        join pg_class x on x.oid = i.indexrelid
        where x.relname <> all (:exempt) and a.attname is distinct from
          case c.relname when 'tenants' then 'id' else 'tenant_id' end
    """, exempt=list(UNIQUE_OVER_TENANTS))  # fmt: skip


def uniqueness_over_tenants(connection: Connection) -> list[str]:
    """A unique key without tenant_id reveals one tenant's values to another."""
    return single_column(connection, """
        select i.indexrelid::regclass::text from pg_index i
        join pg_class c on c.oid = i.indrelid and c.relnamespace = 'zixly'::regnamespace
        join pg_class x on x.oid = i.indexrelid
        where i.indisunique and not exists (
            select from unnest(i.indkey) with ordinality k (attnum, place)
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
            where k.place <= i.indnkeyatts
              and a.attname = case c.relname when 'tenants' then 'id' else 'tenant_id' end)
          and x.relname <> all (:exempt)
    """, exempt=list(UNIQUE_OVER_TENANTS))  # fmt: skip


def references_that_may_cross_tenants(connection: Connection) -> list[str]:
    """A foreign key pairs tenant_id with tenant_id (or with tenants.id): its checks bypass RLS."""
    return single_column(connection, """
        select f.conrelid::regclass || '.' || f.conname from pg_constraint f
        join pg_class c on c.oid = f.conrelid and c.relnamespace = 'zixly'::regnamespace
        join pg_class p on p.oid = f.confrelid
        where f.contype = 'f' and not exists (
            select from unnest(f.conkey, f.confkey) as k (here, there)
            join pg_attribute h on h.attrelid = f.conrelid and h.attnum = k.here
            join pg_attribute t on t.attrelid = f.confrelid and t.attnum = k.there
            where h.attname = 'tenant_id'
              and t.attname = case p.relname when 'tenants' then 'id' else 'tenant_id' end)
    """)  # fmt: skip


def enum_columns(connection: Connection) -> list[str]:
    """Comparing enums is not leakproof, so under RLS no index would serve."""
    return single_column(connection, """
        select a.attrelid::regclass || '.' || a.attname from pg_attribute a
        join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
        join pg_type t on t.oid = a.atttypid
        left join pg_type b on b.oid = t.typbasetype
        where c.relnamespace::regnamespace::text = any (:schemas) and 'e' in (t.typtype, b.typtype)
    """)  # fmt: skip


def ids_outside_the_c_collation(connection: Connection) -> list[str]:
    return single_column(connection, """
        select a.attrelid::regclass || '.' || a.attname from pg_attribute a
        join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
        where c.relnamespace::regnamespace::text = any (:schemas) and a.attnum > 0
          and a.atttypid in ('text'::regtype, 'varchar'::regtype) and a.attname ~ '(^|_)id$'
          and a.attname <> all (:foreign_ids) and a.attcollation <> '"C"'::regcollation
    """, foreign_ids=list(FOREIGN_IDS))  # fmt: skip


def rules_without_a_sentence(connection: Connection) -> list[str]:
    """Each CHECK and UNIQUE rule has a message in `zixly_data.database.constraints`."""
    rules = single_column(connection, """
        select conname from pg_constraint
        where connamespace = 'zixly'::regnamespace and contype in ('c', 'u', 'x')
        union select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relnamespace = 'zixly'::regnamespace and i.indisunique and not i.indisprimary
    """)  # fmt: skip
    return [rule for rule in rules if rule not in SENTENCES]


def sentences_without_a_rule(connection: Connection) -> list[str]:
    rules = single_column(connection, """
        select conname from pg_constraint where connamespace = 'zixly'::regnamespace
        union select relname from pg_class where relnamespace = 'zixly'::regnamespace
          and relkind = 'i'
    """)  # fmt: skip
    return sorted(set(SENTENCES) - set(rules))


def tables_unlike_schema_py(connection: Connection) -> list[str]:
    """`zixly_data.database.schema` has the columns that a team may read or record."""
    faults = []
    for name, table in vars(schema).items():
        if not isinstance(table, sa.TableClause):
            continue
        rights = table_permissions.TABLES[name]
        readable = rights.columns("select")
        used = (*readable, *rights.columns("insert")) if readable else ()
        columns = {
            row.attname
            for row in connection.execute(sa.text("""
                select attname from pg_attribute where attrelid = to_regclass('zixly.' || :name)
                  and attnum > 0 and not attisdropped"""), {"name": name})
            if not used or row.attname in used
        }  # fmt: skip
        if columns != {column.name for column in table.columns}:
            faults.append(name)
    return sorted(faults)


def missing_triggers(connection: Connection) -> list[str]:
    """Tables that people edit count versions, keep their tenant, and write the audit trail."""
    return single_column(connection, """
        select c.relname || ': ' || w.trigger from pg_class c
        cross join lateral (values
          ('a_count_version', 'count_version', exists (select from pg_attribute
             where attrelid = c.oid and attname = 'version' and not attisdropped)),
          ('b_keep_tenant', 'keep_tenant', c.relname <> 'tenants'),
          ('c_audit', 'audit_tenant', c.relname = 'tenants'),
          ('a_keep_trail', 'keep_trail', c.relname = 'audit_log'),
          ('d_take_trail_along', 'take_trail_along', c.relname = 'tenants'),
          ('c_note_reset_link', 'note_reset_link', c.relname = 'password_resets'),
          ('a_wait_for_writers', 'wait_for_writers', c.relname = 'closed_months'),
          ('d_keep_closed_currency', 'keep_closed_currency', c.relname = 'client_kpis'),
          ('a_note_undoing', 'note_undoing', c.relname = 'imports'),
          ('a_keep_few_views', 'keep_few_views', c.relname = 'saved_views'),
          ('e_sum_months_insert', 'sum_months', c.relname = 'financials'),
          ('e_sum_months_update', 'sum_months', c.relname = 'financials'),
          ('e_sum_months_delete', 'sum_months', c.relname = 'financials'),
          ('e_sum_months_insert', 'sum_overheads', c.relname = 'overheads'),
          ('e_sum_months_update', 'sum_overheads', c.relname = 'overheads'),
          ('e_sum_months_delete', 'sum_overheads', c.relname = 'overheads'),
          ('c_audit_insert', 'audit', c.relname <> all (:noted)),
          ('c_audit_update', 'audit', c.relname <> all (:noted)),
          ('c_audit_delete', 'audit', c.relname <> all (:noted))
        ) as w (trigger, function, wanted)
        where c.relnamespace = 'zixly'::regnamespace and c.relkind in ('r', 'p') and w.wanted
          and not exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
            where t.tgrelid = c.oid and t.tgname = w.trigger and t.tgenabled = 'O'
              and p.pronamespace = 'app_private'::regnamespace and p.proname = w.function)
    """, noted=list(NOTED_BY_FUNCTIONS))  # fmt: skip


def dated_tables_whose_months_cannot_close(connection: Connection) -> list[str]:
    """Dated rows of a closed month cannot change, by any verb.

    Renaming a stage renames it in its events, which is no change of them: that statement comes from
    the foreign key, inside a trigger. No function of ours writes lead events there: one that writes
    them elsewhere refuses to run inside a trigger.
    """
    return single_column(connection, """
        select c.relname || ': ' || v.verb from pg_class c
        cross join (values ('insert', 4), ('delete', 8), ('update', 16)) as v (verb, bit)
        where c.relnamespace = 'zixly'::regnamespace and c.relkind in ('r', 'p')
          and c.relname <> all (:undated)
          and exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
                      and a.atttypid = 'date'::regtype and not a.attisdropped)
          and not exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
            where t.tgrelid = c.oid and t.tgname = 'd_keep_closed_' || v.verb
              and t.tgenabled = 'O' and t.tgtype::int & 67 = 0
              and t.tgtype::int & v.bit = v.bit and cardinality(t.tgattr::int2[]) = 0
              and p.pronamespace = 'app_private'::regnamespace and p.proname = 'keep_closed'
              and (t.tgqual is null or c.relname = 'lead_events' and v.verb = 'update'
                   and pg_get_triggerdef(t.oid) like '% WHEN ((pg_trigger_depth() = 0)) %')
              and exists (select from pg_attribute a where a.attrelid = c.oid
                          and a.atttypid = 'date'::regtype
                          and t.tgargs = convert_to(a.attname, 'UTF8') || '\\x00'::bytea))
        union all
        select p.proname || ': updates lead events' from pg_proc p
        where p.pronamespace = any (array['app', 'app_private', 'app_operator']::regnamespace[])
          and p.prosrc ~* 'update +(only +)?zixly[.](lead_events|%)'
          and p.prosrc !~ 'pg_trigger_depth[(][)] > 0'
    """, undated=list(UNDATED))  # fmt: skip


def tables_gone_with_a_client_unannounced(connection: Connection) -> list[str]:
    """The deletion of a client announces exactly the rows that cascades delete, at any depth."""
    gone = single_column(connection, """
        with recursive gone as (
          select 'zixly.client_kpis'::regclass::oid as id
          union select f.conrelid from pg_constraint f join gone on f.confrelid = gone.id
          where f.contype = 'f' and f.confdeltype = 'c')
        select relname from gone join pg_class on oid = id where relname <> 'client_kpis'
    """)  # fmt: skip
    counted = {*DELETED_WITH_CLIENT, *GONE_UNCOUNTED}
    return [f"{table}: not counted" for table in gone if table not in counted] + [
        f"{table}: counted, and stays" for table in sorted(counted) if table not in gone
    ]


CONVENTIONS = (
    tables_without_a_tenant,
    tables_without_forced_policies,
    keys_not_led_by_the_tenant,
    uniqueness_over_tenants,
    references_that_may_cross_tenants,
    enum_columns,
    ids_outside_the_c_collation,
    rules_without_a_sentence,
    sentences_without_a_rule,
    tables_unlike_schema_py,
    missing_triggers,
    dated_tables_whose_months_cannot_close,
    tables_gone_with_a_client_unannounced,
)
