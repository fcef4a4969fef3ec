"""For each convention, ways to break it: a superuser's SQL, and the expected violation."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from tests.support.database import conventions, entered_columns, grants, policies

Convention = Callable[[Connection], list[str]]

_DEFINER = """
    create function app.peek() returns text stable parallel safe language sql
      security definer {path} as 'select 1::text';
    alter function app.peek() owner to {owner};
    {afterwards};
"""
_PINNED = "set search_path = pg_catalog, pg_temp"

# The convention, the offence, its SQL, and the expected violation.
OFFENCES: list[tuple[Convention, str, list[str]]] = [
    (
        conventions.tables_without_a_tenant,
        "create table zixly.notes (id text primary key)",
        ["notes"],
    ),
    (
        conventions.tables_without_a_tenant,
        "create table zixly.notes (tenant_id text, id text)",
        ["notes"],
    ),
    (
        conventions.tables_without_forced_policies,
        "alter table zixly.financials no force row level security",
        ["financials: not forced"],
    ),
    (
        conventions.tables_without_forced_policies,
        "alter table zixly.tenants disable row level security",
        ["tenants: not enabled"],
    ),
    (
        conventions.keys_not_led_by_the_tenant,
        "create index on zixly.financials (record_date, tenant_id)",
        ["zixly.financials_record_date_tenant_id_idx"],
    ),
    (
        conventions.keys_not_led_by_the_tenant,
        "create table zixly.notes (tenant_id text not null, id text, primary key (id, tenant_id))",
        ["zixly.notes_pkey"],
    ),
    (
        conventions.uniqueness_over_tenants,
        "create unique index client_name_unique on zixly.client_kpis (client_name) where false",
        ["zixly.client_name_unique"],
    ),
    (
        conventions.uniqueness_over_tenants,
        "create unique index one_note on zixly.integrations (credentials) include (tenant_id)",
        ["zixly.one_note"],
    ),
    (
        conventions.references_that_may_cross_tenants,
        "create unique index anywhere on zixly.integrations (id); alter table zixly.invitations"
        " add column integration_id text, add constraint of_integration"
        " foreign key (integration_id) references zixly.integrations (id)",
        ["zixly.invitations.of_integration"],
    ),
    (
        conventions.references_that_may_cross_tenants,
        "alter table zixly.integrations add column holder text,"
        " add constraint of_holder foreign key (holder) references zixly.tenants (id)",
        ["zixly.integrations.of_holder"],
    ),
    (
        policies.views_of_their_owner,
        "create view zixly.everything as select * from zixly.financials",
        ["zixly.everything"],
    ),
    (
        policies.readable_materialized_views,
        "create materialized view zixly.sums as select sum(revenue) from zixly.financials;"
        " grant select on zixly.sums to zixly_viewer",
        ["zixly.sums by zixly_viewer"],
    ),
    (
        policies.readable_materialized_views,
        "create materialized view public.sums as select sum(revenue) as total"
        " from zixly.financials; grant select (total) on public.sums to zixly_auth",
        ["sums by zixly_auth"],
    ),
    (
        policies.loose_definer_functions,
        _DEFINER.format(
            path="set search_path = ''", owner="zixly_owner",
            afterwards="revoke execute on function app.peek() from public"),
        ["app.peek(): search_path is not pinned"],
    ),
    (
        policies.loose_definer_functions,
        _DEFINER.format(path=_PINNED, owner="zixly_owner",
                        afterwards="grant execute on function app.peek() to public"),
        ["app.peek(): executable by PUBLIC"],
    ),
    (
        policies.loose_definer_functions,
        _DEFINER.format(path=_PINNED, owner="current_user",
                        afterwards="revoke execute on function app.peek() from public"),
        ["app.peek(): owned by a superuser"],
    ),
    (
        policies.unpinned_functions,
        "create function app.peek() returns int stable parallel safe language sql as 'select 1'",
        ["app.peek()"],
    ),
    (
        policies.functions_that_stop_parallel_queries,
        "alter function app.tenant_id() parallel unsafe",
        ["app.tenant_id()"],
    ),
    (
        policies.functions_that_stop_parallel_queries,
        "alter function app.new_id(text) parallel restricted",
        ["app.new_id(text)"],
    ),
    (
        policies.overlapping_policies,
        "create policy also on zixly.financials for select to zixly_viewer using (false)",
        ["zixly.financials select zixly_viewer"],
    ),
    (
        policies.overlapping_policies,
        "create policy also on zixly.audit_log for select using (false)",
        ["zixly.audit_log select zixly_admin", "zixly.audit_log select zixly_gatekeeper"],
    ),
    (
        policies.tables_without_the_belt,
        'drop policy "rows stay within their tenant" on zixly.client_kpis',
        ["client_kpis"],
    ),
    (
        policies.tables_without_the_belt,
        'alter policy "rows stay within their tenant" on zixly.lead_events with check (true)',
        ["lead_events"],
    ),
    (
        policies.tables_without_the_belt,
        'alter policy "rows stay within their tenant" on zixly.users'
        " to zixly_viewer, zixly_editor",
        ["users"],
    ),
    (
        policies.policies_of_the_team_without_tenant_and_role,
        "create policy open on zixly.sessions for select to zixly_admin"
        " using (tenant_id = (select app.tenant_id()))",
        ["zixly.sessions: open"],
    ),
    (
        policies.policies_of_the_team_without_tenant_and_role,
        'alter policy "delete by editor, admin" on zixly.financials using (true)',
        ["zixly.financials: delete by editor, admin"],
    ),
    (
        policies.policies_that_ask_for_every_row,
        'alter policy "select by viewer, editor, admin" on zixly.financials'
        " using (tenant_id = app.tenant_id() and (select app.role()) = any ('{VIEWER}'))",
        ["zixly.financials: select by viewer, editor, admin"],
    ),
    (
        policies.policies_that_ask_for_every_row,
        'alter policy "select by viewer, editor, admin" on zixly.financials'
        " using (tenant_id = (select app.tenant_id()) and app.role() = any ('{VIEWER}'))",
        ["zixly.financials: select by viewer, editor, admin"],
    ),
    (
        policies.sampled_columns,
        "alter table zixly.client_kpis add column parent_kpi_id text;"
        " create index by_note on zixly.financials (tenant_id, lower(note));"
        " create statistics zixly.pairs on tenant_id, client_kpi_id from zixly.lead_events",
        ["zixly.by_note.lower", "zixly.client_kpis.parent_kpi_id", "zixly.lead_events: pairs"],
    ),
    (
        conventions.enum_columns,
        "create type zixly.mood as enum ('fine');"
        " alter table zixly.client_kpis add column mood zixly.mood",
        ["zixly.client_kpis.mood"],
    ),
    (
        conventions.ids_outside_the_c_collation,
        "alter table zixly.financials add column invoice_kpi_id text",
        ["zixly.financials.invoice_kpi_id"],
    ),
    (
        conventions.rules_without_a_sentence,
        "alter table zixly.financials add constraint no_losses check (revenue <> 0.01) not valid,"
        " add constraint one_a_day unique (tenant_id, client_kpi_id, record_date, id)",
        ["no_losses", "one_a_day"],
    ),
    (
        conventions.sentences_without_a_rule,
        "alter table zixly.financials drop constraint financial_note_length",
        ["financial_note_length"],
    ),
    (
        conventions.tables_unlike_schema_py,
        "alter table zixly.lead_stages add column colour text",
        ["lead_stages"],
    ),
    (
        conventions.missing_triggers,
        "drop trigger a_count_version on zixly.financials;"
        " alter table zixly.users disable trigger b_keep_tenant;"
        " drop trigger c_audit_delete on zixly.client_kpis",
        ["client_kpis: c_audit_delete", "financials: a_count_version", "users: b_keep_tenant"],
    ),
    (
        conventions.missing_triggers,
        "drop trigger a_keep_trail on zixly.audit_log; drop trigger c_audit on zixly.tenants",
        ["audit_log: a_keep_trail", "tenants: c_audit"],
    ),
    (
        conventions.missing_triggers,
        "drop trigger a_wait_for_writers on zixly.closed_months;"
        " alter table zixly.client_kpis disable trigger d_keep_closed_currency;"
        " drop trigger d_take_trail_along on zixly.tenants",
        [
            "client_kpis: d_keep_closed_currency",
            "closed_months: a_wait_for_writers",
            "tenants: d_take_trail_along",
        ],
    ),
    (
        conventions.dated_tables_whose_months_cannot_close,
        "drop trigger d_keep_closed_delete on zixly.financials;"
        " alter table zixly.lead_events disable trigger d_keep_closed_update",
        ["financials: delete", "lead_events: update"],
    ),
    (
        conventions.dated_tables_whose_months_cannot_close,
        "drop trigger d_keep_closed_update on zixly.financials;"
        " create trigger d_keep_closed_update after update of revenue on zixly.financials"
        " for each statement execute function app_private.keep_closed('record_date')",
        ["financials: update"],
    ),
    (
        conventions.dated_tables_whose_months_cannot_close,
        "create table zixly.invoices (tenant_id text not null, id text, issued date)",
        ["invoices: delete", "invoices: insert", "invoices: update"],
    ),
    (
        conventions.dated_tables_whose_months_cannot_close,
        "create or replace trigger d_keep_closed_update after update on zixly.lead_events"
        " for each statement when (pg_trigger_depth() < 9)"
        " execute function app_private.keep_closed('event_date');"
        " create function app_private.tidy() returns void language sql"
        " as 'update zixly.lead_events set note = null'",
        ["lead_events: update", "tidy: updates lead events"],
    ),
    (
        grants.grants_outside_the_matrix,
        "grant insert, truncate, references, trigger on zixly.financials to zixly_viewer",
        [
            f"zixly_viewer: {right} on zixly.financials"
            for right in ("insert", "references", "trigger", "truncate")
        ],
    ),
    (
        grants.grants_outside_the_matrix,
        "grant select (password_hash) on zixly.users to zixly_admin;"
        " grant update (tenant_id) on zixly.financials to zixly_editor",
        [
            "zixly_admin: select on zixly.users(password_hash)",
            "zixly_editor: update on zixly.financials(tenant_id)",
        ],
    ),
    (
        grants.grants_outside_the_matrix,
        "grant execute on function app_operator.list_users() to public;"
        " grant usage on schema app_private to zixly_app; grant create on schema public to public",
        [
            "PUBLIC: create on schema public",
            "PUBLIC: execute on function app_operator.list_users",
            "zixly_app: usage on schema app_private",
        ],
    ),
    (
        grants.grants_outside_the_matrix,
        "do $$ begin execute format('grant temporary on database %I to zixly_app, public',"
        " current_database()); end $$;"
        " grant set on parameter session_replication_role to zixly_app",
        [
            "PUBLIC: temporary on database",
            "zixly_app: set on parameter session_replication_role",
            "zixly_app: temporary on database",
        ],
    ),
    (
        grants.grants_outside_the_matrix,
        "alter default privileges for role zixly_owner in schema zixly"
        " grant select on tables to zixly_viewer;"
        " grant select on zixly.lead_stages to zixly_viewer with grant option",
        [
            "zixly_viewer: select on what zixly_owner makes",
            "zixly_viewer: select with grant option on zixly.lead_stages",
        ],
    ),
    (
        grants.grants_missing_from_the_database,
        "revoke delete on zixly.financials from zixly_editor;"
        " revoke execute on function app.present(text) from zixly_app",
        [
            "zixly_app: execute on function app.present",
            "zixly_editor: delete on zixly.financials",
        ],
    ),
    (
        grants.default_privileges_that_give_functions_away,
        "alter default privileges for role zixly_gatekeeper grant execute on functions to public",
        ["zixly_gatekeeper"],
    ),
    (
        grants.strong_roles,
        "alter role zixly_app inherit createrole; alter role zixly_owner bypassrls login;"
        " alter role zixly_admin superuser",
        [
            "zixly_admin: superuser",
            "zixly_app: createrole",
            "zixly_app: inherit",
            "zixly_owner: bypassrls",
            "zixly_owner: login",
        ],
    ),
    (
        grants.memberships_outside_the_matrix,
        "grant zixly_gatekeeper to zixly_app; grant pg_read_all_data to zixly_viewer;"
        " grant zixly_admin to zixly_auth with admin option",
        [
            "zixly_app is zixly_gatekeeper",
            "zixly_auth is zixly_admin and may pass it on",
            "zixly_viewer is pg_read_all_data",
        ],
    ),
    (
        grants.strangers_who_own,
        "alter table zixly.lead_events owner to zixly_editor;"
        " alter function app.role() owner to current_user",
        ["app.role() of postgres", "zixly.lead_events of zixly_editor"],
    ),
    (
        conventions.tables_gone_with_a_client_unannounced,
        "create table zixly.contacts (tenant_id text, client_kpi_id text, foreign key"
        " (tenant_id, client_kpi_id) references zixly.client_kpis on delete cascade)",
        ["contacts: not counted"],
    ),
    (
        conventions.tables_gone_with_a_client_unannounced,
        "create table zixly.receipts (tenant_id text, financial_id text, foreign key"
        " (tenant_id, financial_id) references zixly.financials on delete cascade);"
        " alter table zixly.date_notes drop constraint date_note_client",
        ["receipts: not counted", "date_notes: counted, and stays"],
    ),
    (
        entered_columns.columns_that_get_lost,
        "alter table zixly.client_kpis add column nickname text;"
        " grant insert (nickname) on zixly.client_kpis to zixly_editor;"
        " grant insert (address) on zixly.audit_log to zixly_admin",
        ["audit_log.address: no field", "client_kpis.nickname: no field"],
    ),
]  # fmt: skip
