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
-- those a statement wrote or took away: as they are and as they were; the trigger says which column is the
-- date. A transaction that looks at the
-- database as it was when it began would not see a month closed since, so it writes none of them.
create or replace function app_private.keep_closed() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  tenants text[];
  dates   date[];
  closed  date;
begin
  execute format('select array_agg(distinct r.tenant_id), array_agg(distinct r.%1$I) from (%2$s) as r',
    tg_argv[0],
    replace(case tg_op when 'INSERT' then 'select tenant_id, %I from new_rows'
                       when 'DELETE' then 'select tenant_id, %I from old_rows'
                       else 'select tenant_id, %I from old_rows union all select tenant_id, %I from new_rows' end,
            '%I', quote_ident(tg_argv[0])))
    into tenants, dates;
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

-- Figures of a closed month are made of its records and of what they are used for: a metric begins or
-- ceases to count as billable hours only while no value of it is closed.
create or replace function app_private.keep_closed_purpose() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  closed date;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    raise exception 'purposes are changed at READ COMMITTED' using errcode = '0A000';
  end if;
  perform pg_advisory_xact_lock_shared(app_private.closing(new.tenant_id));
  select min(c.month) into closed from zixly.closed_months as c
  where c.tenant_id = new.tenant_id
    and exists (select from zixly.custom_metrics as v
                where v.tenant_id = new.tenant_id and v.metric_name = new.metric_name
                  and v.record_date >= c.month and v.record_date < c.month + interval '1 month');
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
    and a.table_name in ('client_kpis', 'financials', 'overheads', 'lead_events', 'lead_stages', 'custom_metrics',
                         'metric_definitions')
$$;

-- Brings back the lines that an import removed, every column as it was: while the import is being undone, and from the
-- trail alone, so that the caller says nothing of their contents.
create or replace function app.restore_rows_of_import(of_import text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  of_tenant constant text := app.tenant_id();
  restored record;
begin
  if app.role() not in ('EDITOR', 'ADMIN')
     or not exists (select from zixly.imports as i
                    where i.tenant_id = of_tenant and i.id = of_import and i.undone_at >= now()) then
    raise exception 'this import is not being undone' using errcode = '42501';
  end if;
  for restored in
    select c.relname as of_table, string_agg(quote_ident(a.attname), ', ') as names,
           string_agg('r.' || quote_ident(a.attname), ', ') as recorded
    from pg_class as c join pg_attribute as a on a.attrelid = c.oid
    where c.oid in ('zixly.financials'::regclass, 'zixly.overheads'::regclass)
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname
  loop
    execute format($restore$
      insert into zixly.%1$I (%2$s)
      select %3$s
      from zixly.audit_log as a cross join lateral jsonb_populate_record(null::zixly.%1$I, a.before) as r
      where a.tenant_id = $1 and a.import_id = $2 and a.table_name = %1$L and a.action = 'DELETE'$restore$,
      restored.of_table, restored.names, restored.recorded)
    using of_tenant, of_import;
  end loop;
end
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

-- Keeps financial_months in step with the records that a statement wrote or took away: adds what came, takes
-- off what went. Months are locked in one order, so that two who write the same ones wait and do not
-- deadlock. Where a client is going, its sums go with it.
create or replace function app_private.sum_months() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  ids constant text := left(app.new_id('fmo'), 28);
begin
  if tg_op = 'INSERT' then
    insert into zixly.financial_months as m (tenant_id, id, client_kpi_id, month, revenue, expenses, records)
    select d.tenant_id, ids || lpad(to_hex(row_number() over ()), 8, '0'), d.client_kpi_id, d.month,
           d.revenue, d.expenses, d.records
    from (select r.tenant_id, r.client_kpi_id, date_trunc('month', r.record_date::timestamp)::date as month,
                 sum(r.revenue) as revenue, sum(r.expenses) as expenses, count(*) as records
          from new_rows as r group by 1, 2, 3 order by 1, 2, 3) as d
    on conflict (tenant_id, client_kpi_id, month) do update
    set revenue = m.revenue + excluded.revenue, expenses = m.expenses + excluded.expenses,
        records = m.records + excluded.records, updated_at = now();
  elsif tg_op = 'UPDATE' then
    insert into zixly.financial_months as m (tenant_id, id, client_kpi_id, month, revenue, expenses, records)
    select d.tenant_id, ids || lpad(to_hex(row_number() over ()), 8, '0'), d.client_kpi_id, d.month,
           d.revenue, d.expenses, d.records
    from (select r.tenant_id, r.client_kpi_id, date_trunc('month', r.record_date::timestamp)::date as month,
                 sum(r.revenue) as revenue, sum(r.expenses) as expenses, sum(r.one) as records
          from (select n.tenant_id, n.client_kpi_id, n.record_date, n.revenue, n.expenses, 1 as one
                from new_rows as n
                union all
                select o.tenant_id, o.client_kpi_id, o.record_date, -o.revenue, -o.expenses, -1
                from old_rows as o) as r
          group by 1, 2, 3
          having sum(r.revenue) <> 0 or sum(r.expenses) <> 0 or sum(r.one) <> 0
          order by 1, 2, 3) as d
    on conflict (tenant_id, client_kpi_id, month) do update
    set revenue = m.revenue + excluded.revenue, expenses = m.expenses + excluded.expenses,
        records = m.records + excluded.records, updated_at = now();
  else
    insert into zixly.financial_months as m (tenant_id, id, client_kpi_id, month, revenue, expenses, records)
    select d.tenant_id, ids || lpad(to_hex(row_number() over ()), 8, '0'), d.client_kpi_id, d.month,
           -d.revenue, -d.expenses, -d.records
    from (select r.tenant_id, r.client_kpi_id, date_trunc('month', r.record_date::timestamp)::date as month,
                 sum(r.revenue) as revenue, sum(r.expenses) as expenses, count(*) as records
          from old_rows as r group by 1, 2, 3 order by 1, 2, 3) as d
    where exists (select from zixly.client_kpis as c where c.tenant_id = d.tenant_id and c.id = d.client_kpi_id)
    on conflict (tenant_id, client_kpi_id, month) do update
    set revenue = m.revenue + excluded.revenue, expenses = m.expenses + excluded.expenses,
        records = m.records + excluded.records, updated_at = now();
  end if;
  return null;
end
$$;

-- The same for overhead_months: what a statement wrote counts up, what it took away or replaced counts down.
-- Where the tenant itself is going, its sums go with it.
create or replace function app_private.sum_overheads() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  execute format($sum$
    insert into zixly.overhead_months as m (tenant_id, id, month, currency, kind, revenue, expenses, records)
    select d.tenant_id, app.new_id('ovm'), d.month, d.currency, d.kind, d.revenue, d.expenses, d.records
    from (select r.tenant_id, date_trunc('month', r.record_date::timestamp)::date as month, r.currency, r.kind,
                 sum(r.sign * r.revenue) as revenue, sum(r.sign * r.expenses) as expenses,
                 sum(r.sign) as records
          from (%s) as r group by 1, 2, 3, 4
          having sum(r.sign * r.revenue) <> 0 or sum(r.sign * r.expenses) <> 0 or sum(r.sign) <> 0
          order by 1, 2, 3, 4) as d
    where exists (select from zixly.tenants as t where t.id = d.tenant_id)
    on conflict (tenant_id, month, currency, kind) do update
    set revenue = m.revenue + excluded.revenue, expenses = m.expenses + excluded.expenses,
        records = m.records + excluded.records, updated_at = now()$sum$,
    case tg_op when 'INSERT' then 'select n.*, 1 as sign from new_rows as n'
               when 'DELETE' then 'select o.*, -1 as sign from old_rows as o'
               else 'select n.*, 1 as sign from new_rows as n
                     union all select o.*, -1 as sign from old_rows as o' end);
  return null;
end
$$;
