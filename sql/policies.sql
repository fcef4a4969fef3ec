-- Who may do what: GRANTs for verbs, policies for rows. This file is the permission matrix; it is
-- replayed whole, so that nothing granted elsewhere survives it.
--
-- For each table one restrictive policy holds every row to this transaction's tenant, and for each
-- verb exactly one permissive policy carries the tenant test again and the role test. (Two permissive
-- policies for one verb would be ORed: a leak in waiting.) Columns that a role may set are listed.
-- tenant_id comes from the signed context; only where rows come by the hundred thousand may it be
-- named, for a default is computed for each of them. The policies hold it to the context all the same.
-- Rows that come from a source (Xero, HubSpot) are written by its sync alone: of the tables that know their
-- source, people write the rows that people entered or brought in a file, and read the others.
-- The role is compared inside its sub-select: the planner takes a yes or no for half of the rows, and a
-- comparison for one in 67, with which it expects too few rows and joins them one by one.

create or replace procedure app_private.protect(
  of_table       text,
  reads          text,                       -- roles, separated by spaces; '' for nobody
  records        text default '',
  changes        text default '',
  removes        text default '',
  read_columns   text default '*',
  record_columns text default '',
  change_columns text default '',
  tenant_column  text default 'tenant_id',
  owner_column   text default '',            -- of rows that are one person's own
  source_column  text default '')            -- of rows that may come from a source
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  ours constant text := format('%I = (select app.tenant_id())', tenant_column);
  entered constant text := case source_column when '' then ''
                            else format(' and %I in (''manual'', ''file'')', source_column) end;
  rule   record;
  policy record;
begin
  execute format('alter table zixly.%I enable row level security', of_table);
  execute format('alter table zixly.%I force row level security', of_table);
  for policy in select polname from pg_catalog.pg_policy
                where polrelid = format('zixly.%I', of_table)::regclass loop
    execute format('drop policy %I on zixly.%I', policy.polname, of_table);
  end loop;
  execute format('revoke all on zixly.%I from public, zixly_app, zixly_auth, zixly_operator,
                  zixly_gatekeeper, zixly_viewer, zixly_editor, zixly_admin', of_table);

  execute format('create policy "rows stay within their tenant" on zixly.%I as restrictive
                  to zixly_viewer, zixly_editor, zixly_admin using (%s) with check (%s)',
                 of_table, ours, ours);
  if owner_column <> '' then
    execute format('create policy "rows are their person''s own" on zixly.%1$I as restrictive
                    to zixly_viewer, zixly_editor, zixly_admin
                    using (%2$I = (select app.user_id())) with check (%2$I = (select app.user_id()))',
                   of_table, owner_column);
  end if;
  for rule in
    select verb, string_to_array(roles, ' ') as roles, columns from (values
      ('select', reads,   case read_columns when '*' then '' else read_columns end),
      ('insert', records, record_columns),
      ('update', changes, change_columns),
      ('delete', removes, '')) as v (verb, roles, columns)
    where roles <> ''
  loop
    execute format('create policy %I on zixly.%I as permissive for %s to %s %s',
      format('%s by %s', rule.verb, lower(array_to_string(rule.roles, ', '))), of_table, rule.verb,
      (select string_agg('zixly_' || lower(r), ', ') from unnest(rule.roles) as r),
      case rule.verb
        when 'insert' then format('with check (%s and (select app.role() = any (%L))%s)',
                                  ours, rule.roles, entered)
        when 'update' then format('using (%1$s and (select app.role() = any (%2$L)))
                                   with check (%1$s and (select app.role() = any (%2$L))%3$s)',
                                  ours, rule.roles, entered)
        when 'delete' then format('using (%s and (select app.role() = any (%L))%s)', ours, rule.roles, entered)
        else format('using (%s and (select app.role() = any (%L)))', ours, rule.roles)
      end);
    execute format('grant %s %s on zixly.%I to %s', rule.verb,
      case when rule.columns = '' then '' else format('(%s)', rule.columns) end, of_table,
      (select string_agg('zixly_' || lower(r), ', ') from unnest(rule.roles) as r));
  end loop;
end
$$;

-- ── the matrix ──────────────────────────────────────────────────────────────────────────────
call app_private.protect('tenants', tenant_column => 'id',
  reads   => 'VIEWER EDITOR ADMIN',
  changes => 'ADMIN',
  change_columns => 'name, industry, time_zone, reporting_currency, financial_year_start_month, second_factor_required');

call app_private.protect('users',
  reads => 'ADMIN', changes => 'ADMIN', removes => 'ADMIN',
  change_columns => 'full_name, role, status',
  read_columns => 'tenant_id, id, email, full_name, role, status, version, created_at, updated_at');

call app_private.protect('sessions', reads => '');

call app_private.protect('password_resets',
  reads => 'ADMIN', records => 'ADMIN',
  read_columns => 'tenant_id, id, user_id, expires_at, used_at, created_at, updated_at',
  record_columns => 'id, user_id, token_hash');

call app_private.protect('second_factors',
  reads => 'ADMIN',
  read_columns => 'tenant_id, id, user_id, confirmed_at, created_at, updated_at');

call app_private.protect('invitations',
  reads => 'ADMIN', records => 'ADMIN', changes => 'ADMIN',
  record_columns => 'id, email, role, token_hash',
  change_columns => 'role, token_hash, expires_at, withdrawn_at',
  read_columns => 'tenant_id, id, email, role, invited_by, expires_at, accepted_at, withdrawn_at, created_at, updated_at');

call app_private.protect('client_kpis',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'id, client_id, client_name, industry, currency, status, note',
  change_columns => 'client_id, client_name, industry, currency, status, note');

call app_private.protect('financials', source_column => 'source_system',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'tenant_id, id, client_kpi_id, record_date, revenue, expenses, source_system, external_id, note',
  change_columns => 'client_kpi_id, record_date, revenue, expenses, note');

call app_private.protect('lead_stages',
  reads => 'VIEWER EDITOR ADMIN', records => 'ADMIN', changes => 'ADMIN', removes => 'ADMIN',
  record_columns => 'id, stage, position, status',
  change_columns => 'stage, position, status, retired_at, merged_into');

call app_private.protect('lead_events', source_column => 'source_system',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value, note, event_at,
                     reason, source_system, external_id',
  change_columns => 'client_kpi_id, lead_id, stage, status, event_date, value, note, event_at, reason');

call app_private.protect('metric_definitions',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'id, metric_name, unit, kind, adds_up, over_clients, formula, direction, out_of, purpose',
  change_columns => 'metric_name, unit, kind, adds_up, over_clients, formula, direction, out_of, purpose');

call app_private.protect('metric_inputs',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'id, metric_id, input_id');

call app_private.protect('metric_targets',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'id, metric_id, client_kpi_id, from_month, kind, low, high, near_low, near_high',
  change_columns => 'client_kpi_id, from_month, kind, low, high, near_low, near_high');

call app_private.protect('custom_metrics', source_column => 'source_system',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date, source_system,
                     external_id, note',
  change_columns => 'client_kpi_id, metric_name, metric_value, unit, record_date, note');

call app_private.protect('integrations',
  reads => 'ADMIN',
  read_columns => 'tenant_id, id, kind, status, last_synced_at, version, created_at, updated_at');

call app_private.protect('closed_months',
  reads => 'VIEWER EDITOR ADMIN', records => 'ADMIN', removes => 'ADMIN',
  record_columns => 'id, month');

call app_private.protect('imports',
  reads => 'EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN',
  record_columns => 'id, kind, file_name, checksum, added, changed, unchanged, rejected, left_out, removed, sums',
  change_columns => 'undone_at');

call app_private.protect('import_mappings',
  reads => 'EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN',
  record_columns => 'id, kind, header, mapping',
  change_columns => 'mapping');

-- Written by app.merge_clients() and app.undo_merge() alone.
call app_private.protect('client_merges', reads => 'EDITOR ADMIN');

call app_private.protect('financial_months', reads => 'VIEWER EDITOR ADMIN');

call app_private.protect('overheads', source_column => 'source_system',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'tenant_id, id, record_date, currency, revenue, expenses, kind, account, counterparty,
                     source_system, external_id, note',
  change_columns => 'record_date, currency, revenue, expenses, kind, account, counterparty, note');

call app_private.protect('overhead_months', reads => 'VIEWER EDITOR ADMIN');

call app_private.protect('exchange_rates',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'id, month, currency, into_currency, rate, source_system',
  change_columns => 'rate, source_system');

call app_private.protect('finding_dismissals',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'id, kind, client_kpi_id, subject, reason');

call app_private.protect('saved_views', owner_column => 'user_id',
  reads => 'VIEWER EDITOR ADMIN', records => 'VIEWER EDITOR ADMIN', changes => 'VIEWER EDITOR ADMIN',
  removes => 'VIEWER EDITOR ADMIN',
  record_columns => 'id, page, name, filters, is_default',
  change_columns => 'name, filters, is_default');

call app_private.protect('date_notes',
  reads => 'VIEWER EDITOR ADMIN', records => 'EDITOR ADMIN', changes => 'EDITOR ADMIN', removes => 'EDITOR ADMIN',
  record_columns => 'id, day, client_kpi_id, words',
  change_columns => 'day, client_kpi_id, words');

call app_private.protect('audit_log', reads => 'ADMIN');

-- ── the gatekeeper: sessions and sign-in, over all tenants, by definer functions alone ─────
grant select, insert on zixly.tenants, zixly.lead_stages to zixly_gatekeeper;
grant update (financial_year_start_month) on zixly.tenants to zixly_gatekeeper;
grant select, insert on zixly.users to zixly_gatekeeper;
grant update (password_hash) on zixly.users to zixly_gatekeeper;
grant select, insert, update on zixly.sessions to zixly_gatekeeper;
grant select, update on zixly.invitations to zixly_gatekeeper;
grant select, insert, update on zixly.password_resets to zixly_gatekeeper;
grant select, insert, update, delete on zixly.second_factors to zixly_gatekeeper;
grant select, insert, delete on zixly.audit_log to zixly_gatekeeper;
grant select, insert, update on zixly.financial_months, zixly.overhead_months to zixly_gatekeeper;
grant update (status) on zixly.client_kpis to zixly_gatekeeper;
-- Undoing an import brings back the lines that it removed.
grant insert on zixly.financials, zixly.overheads to zixly_gatekeeper;
grant select on zixly.imports, zixly.date_notes, zixly.metric_inputs to zixly_gatekeeper;
-- Removing the demo deletes rows of these, and locks clients, for which the right to change one is needed.
grant select, delete on zixly.closed_months, zixly.financials, zixly.overheads, zixly.lead_events,
  zixly.custom_metrics, zixly.client_kpis, zixly.metric_definitions, zixly.metric_targets, zixly.exchange_rates,
  zixly.finding_dismissals to zixly_gatekeeper;
grant delete on zixly.tenants, zixly.users to zixly_gatekeeper;
-- Merging clients gives their rows to another one; undoing it adds what went with the merged client.
grant update (client_kpi_id) on zixly.financials, zixly.lead_events, zixly.custom_metrics, zixly.date_notes,
  zixly.metric_targets, zixly.finding_dismissals to zixly_gatekeeper;
grant insert on zixly.client_kpis, zixly.metric_targets, zixly.finding_dismissals to zixly_gatekeeper;
grant select, insert, update on zixly.client_merges to zixly_gatekeeper;
grant select, insert on app_private.signing_key to zixly_gatekeeper;
grant select, insert, delete on app_private.sign_in_tickets, app_private.sign_in_failures,
  app_private.set_up_links to zixly_gatekeeper;
grant select, insert, update, delete on app_private.pending_factors to zixly_gatekeeper;

do $$
declare
  allowed record;
begin
  for allowed in
    select of_table, verb from (values
      ('tenants',         'select insert update delete'),
      ('lead_stages',     'select insert'),
      ('users',           'select insert update delete'),
      ('sessions',        'select insert update'),
      ('invitations',     'select update'),
      ('password_resets', 'select insert update'),
      ('second_factors',  'select insert update delete'),
      ('audit_log',       'select insert delete'),
      ('closed_months',   'select delete'),
      ('imports',         'select'),
      ('financials',      'select insert update delete'),
      ('overheads',       'select insert delete'),
      ('lead_events',     'select update delete'),
      ('custom_metrics',  'select update delete'),
      ('client_kpis',     'select insert update delete'),
      ('metric_definitions', 'select delete'),
      ('metric_targets',  'select insert update delete'),
      ('exchange_rates',  'select delete'),
      ('finding_dismissals', 'select insert update delete'),
      ('date_notes',      'select update'),
      ('client_merges',   'select insert update'),
      ('metric_inputs',   'select'),
      ('financial_months', 'select insert update'),
      ('overhead_months',  'select insert update')) as t (of_table, verbs),
    unnest(string_to_array(verbs, ' ')) as verb
  loop
    execute format('create policy %I on zixly.%I for %s to zixly_gatekeeper %s',
      'gatekeeper: ' || allowed.verb, allowed.of_table, allowed.verb,
      case allowed.verb when 'insert' then 'with check (true)' else 'using (true)' end);
  end loop;
end
$$;

-- ── statistics: nothing is sampled ──────────────────────────────────────────────────────────
-- EXPLAIN shows anybody the planner's estimates, made of all tenants' rows. Comparisons of text, dates and
-- whole numbers are leakproof, so policies do not keep the planner from using samples for them: by ranges
-- of an id, another tenant's could be spelled. Without samples only the size of a table is estimated. (A
-- set n_distinct would change nothing: it replaces what a sample says, and there is none.)
do $$
declare
  sampled record;
begin
  for sampled in
    select c.oid::regclass as relation, case c.relkind when 'i' then 'index' else 'table' end as kind,
           string_agg(format('alter column %s set statistics 0',
                             case c.relkind when 'i' then a.attnum::text else quote_ident(a.attname) end),
                      ', ') as changes
    from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_index as i on i.indexrelid = c.oid
    where c.relnamespace = 'zixly'::regnamespace and a.attstattarget is distinct from 0
      -- Of an index, the columns that are expressions.
      and (c.relkind = 'r' or c.relkind = 'i' and i.indkey[a.attnum - 1] = 0)
    group by c.oid, c.relkind
  loop
    execute format('alter %s %s %s', sampled.kind, sampled.relation, sampled.changes);
  end loop;
end
$$;

-- ── triggers: versions, tenants that stay, and the audit ────────────────────────────────────
-- A renamed stage renames itself in its events. That changes no event: it counts no versions, leaves one entry on the
-- trail (that of the stage) and is allowed in closed months. Such a statement comes from the foreign key, inside a
-- trigger; nobody but the owner makes triggers, and the status cannot come along (keep_status).
do $$
declare
  of_table text;
  operation record;
  as_written text;
begin
  for of_table in
    select c.relname from pg_catalog.pg_class as c
    where c.relnamespace = 'zixly'::regnamespace and c.relkind = 'r'
  loop
    as_written := case of_table when 'lead_events' then 'when (pg_trigger_depth() = 0)' else '' end;
    if exists (select from pg_catalog.pg_attribute
               where attrelid = format('zixly.%I', of_table)::regclass and attname = 'version') then
      execute format('create or replace trigger a_count_version before update on zixly.%I
                      for each row %s execute function app_private.count_version()', of_table, as_written);
    end if;
    if of_table <> 'tenants' then
      execute format('create or replace trigger b_keep_tenant before update on zixly.%I
                      for each row when (new.tenant_id is distinct from old.tenant_id)
                      execute function app_private.keep_tenant()', of_table);
    end if;
    -- What happens to these is noted by the functions that do it, in words of their own.
    -- Sums and inputs are made of records and formulas that are noted themselves. Views are their person's own affair:
    -- on the trail every ADMIN would read them.
    if of_table not in ('tenants', 'sessions', 'audit_log', 'password_resets', 'second_factors',
                        'financial_months', 'overhead_months', 'saved_views', 'metric_inputs') then
      for operation in select * from (values
        ('insert', 'new table as new_rows', ''),
        ('update', 'old table as old_rows new table as new_rows', as_written),
        ('delete', 'old table as old_rows', '')) as o (verb, transition, condition)
      loop
        execute format('create or replace trigger %I after %s on zixly.%I referencing %s
                        for each statement %s execute function app_private.audit()',
                       'c_audit_' || operation.verb, operation.verb, of_table, operation.transition,
                       operation.condition);
        if of_table in ('financials', 'overheads', 'lead_events', 'custom_metrics', 'exchange_rates') then
          execute format('create or replace trigger %I after %s on zixly.%I referencing %s
                          for each statement %s execute function app_private.keep_closed(%L)',
                         'd_keep_closed_' || operation.verb, operation.verb, of_table, operation.transition,
                         operation.condition,
                         case of_table when 'lead_events' then 'event_date' when 'exchange_rates' then 'month'
                                       else 'record_date' end);
        end if;
        if of_table in ('financials', 'lead_events') and operation.verb <> 'delete' then
          execute format('create or replace trigger %I after %s on zixly.%I referencing %s
                          for each statement %s execute function app_private.make_clients(%L)',
                         'f_make_clients_' || operation.verb, operation.verb, of_table, operation.transition,
                         operation.condition,
                         case of_table when 'lead_events' then 'r.status = ''WON''' else 'true' end);
        end if;
        if of_table = 'lead_events' and operation.verb <> 'delete' then
          execute format('create or replace trigger %I after %s on zixly.lead_events referencing %s
                          for each statement %s execute function app_private.keep_retired()',
                         'e_keep_retired_' || operation.verb, operation.verb, operation.transition,
                         operation.condition);
        end if;
        if of_table in ('financials', 'overheads') then
          execute format('create or replace trigger %I after %s on zixly.%I referencing %s
                          for each statement execute function app_private.%I()',
                         'e_sum_months_' || operation.verb, operation.verb, of_table, operation.transition,
                         case of_table when 'financials' then 'sum_months' else 'sum_overheads' end);
        end if;
      end loop;
    end if;
  end loop;
end
$$;

create or replace trigger c_audit after insert or update on zixly.tenants
  for each row execute function app_private.audit_tenant();
create or replace trigger c_note_reset_link after insert on zixly.password_resets
  for each row execute function app_private.note_reset_link();
create or replace trigger d_keep_an_admin after update of role, status or delete on zixly.users
  for each row execute function app_private.keep_an_admin();
create or replace trigger e_end_sessions after update of status on zixly.users
  for each row when (new.status = 'INACTIVE') execute function app_private.end_sessions();
create or replace trigger a_keep_few_views after insert on zixly.saved_views referencing new table as new_rows
  for each statement execute function app_private.keep_few_views();
create or replace trigger a_wait_for_writers before insert on zixly.closed_months
  for each row execute function app_private.wait_for_writers();
create or replace trigger d_keep_closed_currency after update of currency on zixly.client_kpis
  for each row when (new.currency is distinct from old.currency)
  execute function app_private.keep_closed_currency();
create or replace trigger d_keep_clients before update of status on zixly.client_kpis
  for each row when (new.status = 'PROSPECT' and old.status <> 'PROSPECT')
  execute function app_private.keep_clients();
create or replace trigger d_keep_time_of_day before update of event_date on zixly.lead_events
  for each row when (new.event_date is distinct from old.event_date and old.event_at is not null
                     and new.event_at is not distinct from old.event_at)
  execute function app_private.keep_time_of_day();
create or replace trigger d_drop_reason before update of status on zixly.lead_events
  for each row when (new.status <> 'LOST' and new.reason is not null and new.reason is not distinct from old.reason)
  execute function app_private.drop_reason();
create or replace trigger c_keep_status before update of status on zixly.lead_stages
  for each row when (new.status is distinct from old.status)
  execute function app_private.keep_status();
create or replace trigger d_keep_stages before update of retired_at, merged_into on zixly.lead_stages
  for each row when (new.retired_at is not null
                     and (old.retired_at is null or new.merged_into is distinct from old.merged_into))
  execute function app_private.keep_stages();
create or replace trigger e_follow_merge after update of merged_into on zixly.lead_stages
  for each row when (new.merged_into is not null) execute function app_private.follow_merge();
create or replace trigger e_keep_a_stage_update after update of status, retired_at on zixly.lead_stages
  for each row when (old.status <> 'LOST' and old.retired_at is null
                     and (new.retired_at is not null or new.status <> old.status))
  execute function app_private.keep_a_stage();
create or replace trigger e_keep_a_stage_delete after delete on zixly.lead_stages
  for each row when (old.status <> 'LOST' and old.retired_at is null)
  execute function app_private.keep_a_stage();
create or replace trigger d_keep_closed_purpose after update of purpose on zixly.metric_definitions
  for each row when (new.purpose is distinct from old.purpose)
  execute function app_private.keep_closed_purpose();
create or replace trigger a_make_symbol before insert on zixly.metric_definitions
  for each row execute function app_private.make_symbol();
create or replace trigger a_note_undoing before update on zixly.imports
  for each row execute function app_private.note_undoing();
create or replace trigger a_know_new_time_zone before insert on zixly.tenants
  for each row execute function app_private.know_time_zone();
create or replace trigger a_know_time_zone before update of time_zone on zixly.tenants
  for each row when (new.time_zone is distinct from old.time_zone)
  execute function app_private.know_time_zone();
create or replace trigger d_take_trail_along after delete on zixly.tenants
  for each row execute function app_private.take_trail_along();
create or replace trigger a_keep_trail before update or delete on zixly.audit_log
  for each row execute function app_private.keep_trail();
