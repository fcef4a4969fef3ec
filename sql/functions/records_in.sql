-- Closed months and imports.

-- What the person of this transaction is called; null where nobody is signed in.
create or replace function app.my_name() returns text
  language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
  select u.full_name from zixly.users as u
  where u.tenant_id = (select app.tenant_id()) and u.id = (select app.user_id())
$$;

-- Whoever writes dated rows holds this lock in common until the transaction ends; whoever closes a month
-- holds it alone. So a month closes after everything that was being written in it, and what comes later
-- sees it closed. Whoever closes one gives up after a while: those who come to write wait behind them.
create or replace function app_private.closing(of_tenant text) returns bigint
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$ select hashtextextended('closing months of ' || of_tenant, 0) $$;

create or replace function app_private.wait_for_writers() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set lock_timeout = '15s'
as $$
begin
  perform pg_advisory_xact_lock(app_private.closing(new.tenant_id));
  return new;
end
$$;

-- Raises ZX006, the month as its message, when one of these rows is dated in a closed month. The rows are
-- those a statement wrote or took away: as they are and as they were. A transaction that looks at the
-- database as it was when it began would not see a month closed since, so it writes none of them.
create or replace function app_private.keep_closed() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  tenants text[];
  dates   date[];
  closed  date;
begin
  if tg_op = 'INSERT' and tg_table_name = 'lead_events' then
    select array_agg(distinct r.tenant_id), array_agg(distinct r.event_date) into tenants, dates
    from new_rows as r;
  elsif tg_op = 'INSERT' then
    select array_agg(distinct r.tenant_id), array_agg(distinct r.record_date) into tenants, dates
    from new_rows as r;
  elsif tg_op = 'DELETE' and tg_table_name = 'lead_events' then
    select array_agg(distinct r.tenant_id), array_agg(distinct r.event_date) into tenants, dates
    from old_rows as r;
  elsif tg_op = 'DELETE' then
    select array_agg(distinct r.tenant_id), array_agg(distinct r.record_date) into tenants, dates
    from old_rows as r;
  elsif tg_table_name = 'lead_events' then
    select array_agg(distinct r.tenant_id), array_agg(distinct r.event_date) into tenants, dates
    from (select o.tenant_id, o.event_date from old_rows as o
          union all select n.tenant_id, n.event_date from new_rows as n) as r;
  else
    select array_agg(distinct r.tenant_id), array_agg(distinct r.record_date) into tenants, dates
    from (select o.tenant_id, o.record_date from old_rows as o
          union all select n.tenant_id, n.record_date from new_rows as n) as r;
  end if;
  if tenants is null then
    return null;
  end if;
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    raise exception 'dated rows are written at READ COMMITTED' using errcode = '0A000';
  end if;
  perform pg_advisory_xact_lock_shared(app_private.closing(t.id))
  from (select unnest(tenants) as id order by 1) as t;
  -- Rows of one statement are of one tenant, but for what an administrator does to all at once. Where the
  -- tenant itself is going, its records go too.
  select min(c.month) into closed from zixly.closed_months as c
  join zixly.tenants as t on t.id = c.tenant_id
  where c.tenant_id = any (tenants)
    and c.month in (select date_trunc('month', d::timestamp)::date from unnest(dates) as d);
  if closed is not null then
    raise exception '%', closed using errcode = 'ZX006';
  end if;
  return null;
end
$$;

-- A client's currency is that of all its amounts, the values of its leads too: it stays once some of
-- them are closed.
create or replace function app_private.keep_closed_currency() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  closed date;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    raise exception 'currencies are changed at READ COMMITTED' using errcode = '0A000';
  end if;
  perform pg_advisory_xact_lock_shared(app_private.closing(new.tenant_id));
  select min(c.month) into closed from zixly.closed_months as c
  where c.tenant_id = new.tenant_id
    and (exists (select from zixly.financials as f
                 where f.tenant_id = new.tenant_id and f.client_kpi_id = new.id
                   and f.record_date >= c.month and f.record_date < c.month + interval '1 month')
         or exists (select from zixly.lead_events as e
                    where e.tenant_id = new.tenant_id and e.client_kpi_id = new.id
                      and e.event_date >= c.month and e.event_date < c.month + interval '1 month'
                      and e.value is not null));
  if closed is not null then
    raise exception '%', closed using errcode = 'ZX006';
  end if;
  return null;
end
$$;

-- What an import did to the books, row by row, for undoing it. (Planned for many rows: a join that suits a
-- thousand takes minutes for a hundred thousand.)
create or replace function app.rows_of_import(of_import text)
  returns table (table_name text, row_id text, action text, before jsonb, after jsonb)
  language sql stable parallel safe security definer rows 100000 set search_path = pg_catalog, pg_temp
as $$
  select a.table_name, a.row_id, a.action, a.before, a.after
  from zixly.audit_log as a
  where a.tenant_id = (select app.tenant_id()) and (select app.role()) in ('EDITOR', 'ADMIN')
    and a.import_id = of_import
    and a.table_name in ('client_kpis', 'financials', 'lead_events', 'custom_metrics',
                         'metric_definitions')
$$;

-- An import is undone once, by whoever does it, at the time it happens.
create or replace function app_private.note_undoing() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if old.undone_at is not null then
    raise exception 'this import was undone already' using errcode = 'ZX007';
  end if;
  new.undone_at := clock_timestamp();
  new.undone_by_name := app.my_name();
  new.updated_at := clock_timestamp();
  return new;
end
$$;
