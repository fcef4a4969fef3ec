-- Prospects become clients, and a client with records never becomes one. Lead events keep their time of day.

-- Makes the prospects among the clients of these rows ACTIVE. The rows are those a statement wrote; the trigger
-- says which of them make a client: all records, and of lead events those at a won stage. A tenant without
-- prospects costs one look into an index. Prospects are locked in one order, so that two who write records of
-- the same ones wait and do not deadlock. The rows are joined by a statement that is planned each time: a plan
-- kept from a single row would compare each of 100,000 with each prospect.
create or replace function app_private.make_clients() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  tenants   text[];
  of_tenant text[];
  prospects text[];
begin
  tenants := array(select distinct r.tenant_id from new_rows as r);
  if not exists (select from zixly.client_kpis as c
                 where c.tenant_id = any (tenants) and c.status = 'PROSPECT') then
    return null;
  end if;
  execute format(
    'select array_agg(l.tenant_id), array_agg(l.id)
     from (select c.tenant_id, c.id from zixly.client_kpis as c
           where c.tenant_id = any ($1) and c.status = ''PROSPECT''
             and (c.tenant_id, c.id) in (select r.tenant_id, r.client_kpi_id from new_rows as r where %s)
           order by c.tenant_id, c.id for no key update) as l', tg_argv[0])
    into of_tenant, prospects using tenants;
  if prospects is not null then
    update zixly.client_kpis as c set status = 'ACTIVE'
    from unnest(of_tenant, prospects) as p (tenant_id, id)
    where c.tenant_id = p.tenant_id and c.id = p.id;
  end if;
  return null;
end
$$;

-- Raises ZX016 for a client with financial records or a won lead that would become a prospect. The lock waits for
-- everyone who is writing a record of the client, and keeps others waiting until it is a prospect: their
-- statement then sees one and makes it a client. A transaction that looks at the database as it was when it began
-- would not see those records.
create or replace function app_private.keep_clients() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    raise exception 'clients become prospects at READ COMMITTED' using errcode = '0A000';
  end if;
  perform from zixly.client_kpis as c where c.tenant_id = old.tenant_id and c.id = old.id for update;
  if exists (select from zixly.financials as f
             where f.tenant_id = old.tenant_id and f.client_kpi_id = old.id) then
    raise exception '% has financial records', new.client_name using errcode = 'ZX016';
  end if;
  if exists (select from zixly.lead_events as e
             where e.tenant_id = old.tenant_id and e.client_kpi_id = old.id and e.status = 'WON') then
    raise exception '% has a won lead', new.client_name using errcode = 'ZX016';
  end if;
  return new;
end
$$;

-- An event that is moved to another day keeps its time of day there, in the tenant's time zone.
create or replace function app_private.keep_time_of_day() returns trigger
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  zone text;
begin
  select t.time_zone into zone from zixly.tenants as t where t.id = new.tenant_id;
  new.event_at := ((old.event_at at time zone zone) + (new.event_date - old.event_date) * interval '1 day')
                  at time zone zone;
  return new;
end
$$;
