-- Merging a client into another one, and undoing it.
--
-- Functions move the rows, as nobody of the team may write rows of a source, dismissals of others, or created_at. The
-- triggers of the tables see each move as a change of any other kind: it counts a version, is on the trail, keeps
-- the sums of months, and is refused in a closed month. Inside a trigger those of lead_events would not run, so nothing
-- is merged there.

-- The tables with rows about a client; the day of those that closed months keep; and the columns of which a client has
-- each value once. A test compares this list with the references in the catalogue. (financial_months refers to
-- clients too: its sums follow the records.)
create or replace function app_private.client_tables()
  returns table (of_table text, day_column text, once text[])
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
  values
    ('financials', 'record_date', null::text[]),
    ('lead_events', 'event_date', null),
    ('custom_metrics', 'record_date', null),
    ('date_notes', null, null),
    ('metric_targets', null, array['metric_id', 'from_month']),
    ('finding_dismissals', null, array['kind', 'subject'])
$$;

-- The condition that the client $2 has a row of its own for what the row m is about.
create or replace function app_private.has_own(of_table text, once text[]) returns text
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
  select case when once is null then 'false' else format(
    'exists (select from zixly.%I as k where k.tenant_id = m.tenant_id and k.client_kpi_id = $2 and %s)', of_table,
    (select string_agg(format('k.%1$I = m.%1$I', c), ' and ') from unnest(once) as c)) end
$$;

-- What a row says, apart from whose it is and how often it was changed.
create or replace function app_private.checksum_of(contents jsonb) returns text
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$ select md5((contents - array['client_kpi_id', 'version', 'updated_at'])::text) $$;

-- What merging a client into another one does; null where one of them is gone.
--   kept, merged    both clients, whole
--   counts          rows that move, by table; stay_counts: rows that do not, as the kept client has its own
--   revenue, expenses  sums of the records that move
--   closed          closed months with rows that move: nothing is merged while there are any
--   makes_client    whether the kept client, a prospect, becomes a client by what moves
--   shared_leads    names of leads that both have, and that become one
--   shared_values   values of a metric and day for which the kept client has a value too
--   shared_amounts  records with the amounts of one of the kept client in the same month
create or replace function app_private.merge_contents(of_tenant text, kept_id text, merged_id text) returns jsonb
  language plpgsql stable parallel safe security definer
  set search_path = pg_catalog, pg_temp set timezone = 'UTC' set enable_nestloop = off
as $$
declare
  kept   zixly.client_kpis;
  merged zixly.client_kpis;
  part   record;
  row_counts record;
  counts jsonb := '{}';
  stay_counts jsonb := '{}';
  closed date[] := '{}';
  shared record;
  sums   record;
begin
  select c.* into kept from zixly.client_kpis as c where c.tenant_id = of_tenant and c.id = kept_id;
  select c.* into merged from zixly.client_kpis as c where c.tenant_id = of_tenant and c.id = merged_id;
  if kept.id is null or merged.id is null then
    return null;
  end if;
  for part in select * from app_private.client_tables() loop
    execute format(
      'select count(*) filter (where not m.has_own) as moving, count(*) filter (where m.has_own) as staying,
              array(select c.month from zixly.closed_months as c where c.tenant_id = $1
                    and c.month = any (array_agg(distinct m.month))) as closed
       from (select %2$s as has_own, %3$s as month from zixly.%1$I as m
             where m.tenant_id = $1 and m.client_kpi_id = $3) as m',
      part.of_table, app_private.has_own(part.of_table, part.once),
      case when part.day_column is null then 'null::date'
           else format('date_trunc(''month'', m.%I::timestamp)::date', part.day_column) end)
      into row_counts using of_tenant, kept_id, merged_id;
    counts := counts || jsonb_build_object(part.of_table, row_counts.moving);
    if part.once is not null then
      stay_counts := stay_counts || jsonb_build_object(part.of_table, row_counts.staying);
    end if;
    closed := closed || row_counts.closed;
  end loop;
  select
    (select coalesce(jsonb_agg(distinct e.lead_id order by e.lead_id), '[]') from zixly.lead_events as e
     where e.tenant_id = of_tenant and e.client_kpi_id = merged_id
       and e.lead_id in (select k.lead_id from zixly.lead_events as k
                         where k.tenant_id = of_tenant and k.client_kpi_id = kept_id)) as leads,
    (select count(*) from zixly.custom_metrics as v
     where v.tenant_id = of_tenant and v.client_kpi_id = merged_id
       and (v.metric_name, v.record_date) in (
         select k.metric_name, k.record_date from zixly.custom_metrics as k
         where k.tenant_id = of_tenant and k.client_kpi_id = kept_id)) as metric_values,
    (select count(*) from zixly.financials as f
     where f.tenant_id = of_tenant and f.client_kpi_id = merged_id and (f.revenue <> 0 or f.expenses <> 0)
       and (date_trunc('month', f.record_date::timestamp), f.revenue, f.expenses) in (
         select date_trunc('month', k.record_date::timestamp), k.revenue, k.expenses from zixly.financials as k
         where k.tenant_id = of_tenant and k.client_kpi_id = kept_id)) as amounts,
    exists (select from zixly.lead_events as e where e.tenant_id = of_tenant and e.client_kpi_id = merged_id
            and e.status = 'WON') as has_won
    into shared;
  execute format(
    'select coalesce(sum(m.revenue), 0)::text as revenue, coalesce(sum(m.expenses), 0)::text as expenses
     from zixly.financials as m where m.tenant_id = $1 and m.client_kpi_id = $3 and not %s',
    (select app_private.has_own(t.of_table, t.once) from app_private.client_tables() as t
     where t.of_table = 'financials'))
    into sums using of_tenant, kept_id, merged_id;
  return jsonb_build_object(
    'kept', to_jsonb(kept), 'merged', to_jsonb(merged), 'counts', counts, 'stay_counts', stay_counts,
    'revenue', sums.revenue, 'expenses', sums.expenses,
    'closed', to_jsonb(array(select distinct m from unnest(closed) as m order by m)),
    'makes_client', kept.status = 'PROSPECT' and ((counts ->> 'financials')::bigint > 0 or shared.has_won),
    'shared_leads', shared.leads, 'shared_values', shared.metric_values, 'shared_amounts', shared.amounts);
end
$$;

-- Raises 42501 for a person who may not change records.
create or replace function app_private.require_editor() returns void
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if app.role() is null or app.role() not in ('EDITOR', 'ADMIN') then
    raise exception 'only an EDITOR may do this' using errcode = '42501';
  end if;
end
$$;

create or replace function app.merge_contents(kept_id text, merged_id text) returns jsonb
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform app_private.require_editor();
  return app_private.merge_contents(app.tenant_id(), kept_id, merged_id);
end
$$;

-- Merges a client into another one, whole or not at all, and returns the id of the merge. Where the contents are not
-- those that were seen, nothing changes and null is returned. Raises ZX030, and ZX006 where a month is closed.
--
-- Whoever writes about a client holds its row in common until the transaction ends: both are waited for before
-- counting, and those who come later find the merged client gone. Two merges lock in one order.
create or replace function app.merge_clients(kept_id text, merged_id text, seen jsonb) returns text
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp set timezone = 'UTC' set enable_nestloop = off
as $$
declare
  of_tenant constant text := app.tenant_id();
  of_merge  constant text := app.new_id('mrg');
  contents  jsonb;
  part      record;
  written   jsonb;
  moved     jsonb := '{}';
  replaced  jsonb := '{}';
begin
  if pg_trigger_depth() > 0 then
    raise exception 'clients are not merged in triggers' using errcode = '0A000';
  end if;
  perform app_private.require_editor();
  perform from zixly.client_kpis as c where c.tenant_id = of_tenant and c.id in (kept_id, merged_id)
  order by c.id for update;
  contents := app_private.merge_contents(of_tenant, kept_id, merged_id);
  if contents is null or contents is distinct from seen then
    return null;
  end if;
  -- The amounts would count in another currency.
  if kept_id = merged_id or contents #>> '{kept,currency}' <> contents #>> '{merged,currency}' then
    raise exception 'two clients of one currency are merged' using errcode = 'ZX030';
  end if;
  for part in select * from app_private.client_tables() loop
    if part.once is not null then
      -- They go with the client.
      execute format('select coalesce(jsonb_agg(to_jsonb(m) order by m.id), ''[]'') from zixly.%I as m
                      where m.tenant_id = $1 and m.client_kpi_id = $3 and %s',
                     part.of_table, app_private.has_own(part.of_table, part.once))
        into written using of_tenant, kept_id, merged_id;
      replaced := replaced || jsonb_build_object(part.of_table, written);
    end if;
    execute format(
      'with changed as (update zixly.%1$I as m set client_kpi_id = $2
                        where m.tenant_id = $1 and m.client_kpi_id = $3 and not %2$s
                        returning m.id, to_jsonb(m) as contents)
       select coalesce(jsonb_object_agg(c.id, jsonb_build_array(
                c.contents -> ''version'', app_private.checksum_of(c.contents))), ''{}'') from changed as c',
      part.of_table, app_private.has_own(part.of_table, part.once))
      into written using of_tenant, kept_id, merged_id;
    moved := moved || jsonb_build_object(part.of_table, written);
  end loop;
  delete from zixly.client_kpis as c where c.tenant_id = of_tenant and c.id = merged_id;
  insert into zixly.client_merges (tenant_id, id, kept_id, kept_name, kept_status, merged, counts, moved, replaced)
  values (of_tenant, of_merge, kept_id, contents #>> '{kept,client_name}', contents #>> '{kept,status}',
          contents -> 'merged', contents -> 'counts', moved, replaced);
  return of_merge;
end
$$;

-- Adds a row as it was, with the columns that the table has by now.
create or replace function app_private.put_back(of_table text, contents jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
declare
  columns text;
begin
  select string_agg(quote_ident(a.attname), ', ') into columns
  from pg_catalog.pg_attribute as a
  where a.attrelid = format('zixly.%I', of_table)::regclass and a.attnum > 0 and not a.attisdropped
    and a.attgenerated = '' and contents ? a.attname;
  execute format('insert into zixly.%1$I (%2$s) select %2$s from jsonb_populate_record(null::zixly.%1$I, $1)',
                 of_table, columns) using contents;
end
$$;

-- Undoes a merge, whole or not at all. Returns null once it is undone, otherwise why it is not, and nothing changed:
--   GONE, UNDONE          there is no such merge, or it was undone
--   KEPT_GONE             the kept client was deleted, or merged itself: `into` is the client that has its records
--   CURRENCY              the kept client has another `currency` now
--   EXTERNAL_ID           another client, `name`, has the external id now
--   CHANGED               rows that moved were changed or deleted since: `counts`, by table
--   CLOSED                rows that moved are dated in closed `months`
-- What was recorded for the kept client since stays with it.
create or replace function app.undo_merge(of_merge text) returns jsonb
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp set timezone = 'UTC' set enable_nestloop = off
as $$
declare
  of_tenant constant text := app.tenant_id();
  merge     zixly.client_merges;
  kept      zixly.client_kpis;
  part      record;
  other     text;
  touched   bigint;
  months    date[];
  changed   jsonb := '{}';
  closed    date[] := '{}';
begin
  if pg_trigger_depth() > 0 then
    raise exception 'clients are not merged in triggers' using errcode = '0A000';
  end if;
  perform app_private.require_editor();
  select m.* into merge from zixly.client_merges as m
  where m.tenant_id = of_tenant and m.id = of_merge for update;
  if merge.id is null or merge.undone_at is not null then
    return jsonb_build_object('problem', case when merge.id is null then 'GONE' else 'UNDONE' end);
  end if;
  select c.* into kept from zixly.client_kpis as c
  where c.tenant_id = of_tenant and c.id = merge.kept_id for update;
  if kept.id is null then
    select m.kept_name into other from zixly.client_merges as m
    where m.tenant_id = of_tenant and m.merged ->> 'id' = merge.kept_id and m.undone_at is null;
    return jsonb_build_object('problem', 'KEPT_GONE', 'into', other);
  end if;
  if kept.currency <> merge.merged ->> 'currency' then
    return jsonb_build_object('problem', 'CURRENCY', 'currency', kept.currency);
  end if;
  select c.client_name into other from zixly.client_kpis as c
  where c.tenant_id = of_tenant and c.client_id = merge.merged ->> 'client_id';
  if found then
    return jsonb_build_object('problem', 'EXTERNAL_ID', 'name', other);
  end if;
  for part in select * from app_private.client_tables() where merge.moved ? of_table loop
    execute format('select count(*) from (
                      select from zixly.%I as m where m.tenant_id = $1 and m.client_kpi_id = $2
                        and m.id in (select jsonb_object_keys($3)) order by m.id for update) as locked', part.of_table)
      using of_tenant, merge.kept_id, merge.moved -> part.of_table;
    execute format(
      'select count(*) filter (where m.is_changed),
              array(select c.month from zixly.closed_months as c where c.tenant_id = $1
                    and c.month = any (array_agg(distinct m.month)))
       from (select m.id is null or (to_jsonb(m) -> ''version'' <> w.state -> 0
                      and app_private.checksum_of(to_jsonb(m)) <> w.state ->> 1) as is_changed, %2$s as month
             from jsonb_each($3) as w (id, state)
             left join zixly.%1$I as m on m.tenant_id = $1 and m.client_kpi_id = $2 and m.id = w.id) as m',
      part.of_table,
      case when part.day_column is null then 'null::date'
           else format('date_trunc(''month'', m.%I::timestamp)::date', part.day_column) end)
      into touched, months using of_tenant, merge.kept_id, merge.moved -> part.of_table;
    if touched > 0 then
      changed := changed || jsonb_build_object(part.of_table, touched);
    end if;
    closed := closed || months;
  end loop;
  if changed <> '{}' then
    return jsonb_build_object('problem', 'CHANGED', 'counts', changed);
  end if;
  if closed <> '{}' then
    return jsonb_build_object('problem', 'CLOSED',
                              'months', to_jsonb(array(select distinct m from unnest(closed) as m order by m)));
  end if;
  perform app_private.put_back('client_kpis', merge.merged);
  for part in select * from app_private.client_tables() where merge.moved ? of_table loop
    execute format('update zixly.%I as m set client_kpi_id = $4
                    where m.tenant_id = $1 and m.client_kpi_id = $2 and m.id in (select jsonb_object_keys($3))',
                   part.of_table)
      using of_tenant, merge.kept_id, merge.moved -> part.of_table, merge.merged ->> 'id';
  end loop;
  -- Targets of a metric that was deleted since went with it.
  perform app_private.put_back(t.of_table, r.contents)
  from app_private.client_tables() as t
  cross join lateral jsonb_array_elements(merge.replaced -> t.of_table) as r (contents)
  where t.of_table <> 'metric_targets'
     or exists (select from zixly.metric_definitions as d
                where d.tenant_id = of_tenant and d.id = r.contents ->> 'metric_id');
  -- A prospect that became a client by what moved, and has nothing of its own that makes it one.
  if merge.kept_status = 'PROSPECT' and kept.status = 'ACTIVE'
     and not exists (select from zixly.financials as f
                     where f.tenant_id = of_tenant and f.client_kpi_id = merge.kept_id)
     and not exists (select from zixly.lead_events as e
                     where e.tenant_id = of_tenant and e.client_kpi_id = merge.kept_id and e.status = 'WON') then
    update zixly.client_kpis as c set status = 'PROSPECT' where c.tenant_id = of_tenant and c.id = merge.kept_id;
  end if;
  update zixly.client_merges as m
  set undone_at = clock_timestamp(), undone_by_name = app.my_name(), updated_at = clock_timestamp()
  where m.tenant_id = of_tenant and m.id = of_merge;
  return null;
end
$$;
