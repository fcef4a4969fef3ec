-- The demo: which rows of an organisation came with it, and taking them away.
--
-- The demo is loaded in the transaction that creates its organisation, and nobody may write created_at. So a
-- row came with the demo where it is as old as its organisation: in a demo of every version, whatever was
-- changed in the row since. People have added every other row.

-- The tables that loading the demo fills, in the order in which their rows can go: their column of the day,
-- where closed months keep them, and which rows of the demo (d) stay since rows that people added need
-- them. A test compares this list with what loading writes, and with the references in the catalogue.
create or replace function app_private.demo_tables()
  returns table (of_table text, day_column text, needed text)
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
  values
    ('financials', 'record_date', 'false'),
    ('overheads', 'record_date', 'false'),
    ('lead_events', 'event_date', 'false'),
    ('custom_metrics', 'record_date', 'false'),
    ('exchange_rates', 'month', 'false'),
    ('metric_targets', null, 'false'),
    ('metric_definitions', null, $needed$
      exists (select from zixly.custom_metrics as o where o.tenant_id = d.tenant_id
              and o.metric_name = d.metric_name and o.created_at <> d.created_at)
      or exists (select from zixly.metric_targets as o where o.tenant_id = d.tenant_id
                 and o.metric_id = d.id and o.created_at <> d.created_at)$needed$),
    ('client_kpis', null, $needed$
      exists (select from zixly.financials as o where o.tenant_id = d.tenant_id
              and o.client_kpi_id = d.id and o.created_at <> d.created_at)
      or exists (select from zixly.lead_events as o where o.tenant_id = d.tenant_id
                 and o.client_kpi_id = d.id and o.created_at <> d.created_at)
      or exists (select from zixly.custom_metrics as o where o.tenant_id = d.tenant_id
                 and o.client_kpi_id = d.id and o.created_at <> d.created_at)
      or exists (select from zixly.metric_targets as o where o.tenant_id = d.tenant_id
                 and o.client_kpi_id = d.id and o.created_at <> d.created_at)
      or exists (select from zixly.date_notes as o where o.tenant_id = d.tenant_id
                 and o.client_kpi_id = d.id and o.created_at <> d.created_at)$needed$)
$$;

-- What removing the demo would take away, keep and reopen; null where nothing of it is left.
--   is_whole      nobody but the demo's people administers the organisation, so all of it goes
--   leaving       rows of the demo that go, by table; changed: how many of them people changed
--   own           rows that people added, by table: they stay, unless the organisation goes
--   kept_clients  clients of the demo that stay, since people recorded something about them
--   reopened      closed months with nothing but the demo's rows; blocked: those with people's rows too
create or replace function app_private.demo_contents(of_tenant text) returns jsonb
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
  organisation record;
  part         record;
  counted      record;
  names        text[] := '{}';
  is_whole     boolean;
  -- Setting up an organisation makes one person with it and no rows, so these two tell a demo.
  people       bigint;
  is_demo      boolean;
  leaving      jsonb := '{}';
  own          jsonb := '{}';
  changed      bigint := 0;
  demo_months  date[] := '{}';
  own_months   date[] := '{}';
begin
  select t.name, t.created_at as loaded_at into organisation from zixly.tenants as t
  where t.id = of_tenant and t.id = 'zixly-org-001';
  if not found then
    return null;
  end if;
  select not coalesce(bool_or(u.role = 'ADMIN' and u.status = 'ACTIVE'
                              and u.created_at <> organisation.loaded_at), false) as whole,
         count(*) filter (where u.created_at = organisation.loaded_at) as came,
         count(*) filter (where u.created_at <> organisation.loaded_at) as joined
  into counted from zixly.users as u where u.tenant_id = of_tenant;
  is_whole := counted.whole;
  people := counted.came;
  is_demo := people > 1;
  own := jsonb_build_object('users', counted.joined);
  for part in select * from app_private.demo_tables() loop
    execute format($count$
      select count(*) filter (where d.created_at = $2) as came,
             count(*) filter (where d.goes) as leaving,
             count(*) filter (where d.goes and d.version > 1) as changed,
             count(*) filter (where d.created_at <> $2) as own,
             array_agg(distinct d.month) filter (where d.goes and d.month is not null) as demo_months,
             array_agg(distinct d.month) filter (where d.created_at <> $2 and d.month is not null) as own_months
      from (select d.created_at, d.version, %3$s as month,
                   d.created_at = $2 and ($3 or not (%2$s)) as goes
            from zixly.%1$I as d where d.tenant_id = $1) as d $count$,
      part.of_table, part.needed,
      case when part.day_column is null then 'null::date'
           else format('date_trunc(''month'', d.%I::timestamp)::date', part.day_column) end)
    into counted using of_tenant, organisation.loaded_at, is_whole;
    leaving := leaving || jsonb_build_object(part.of_table, counted.leaving);
    own := own || jsonb_build_object(part.of_table, counted.own);
    changed := changed + counted.changed;
    is_demo := is_demo or counted.came > 0;
    demo_months := demo_months || coalesce(counted.demo_months, '{}');
    own_months := own_months || coalesce(counted.own_months, '{}');
  end loop;
  leaving := leaving || jsonb_build_object('users', case when is_demo then people else 0 end);
  if not exists (select from jsonb_each_text(leaving) as l where l.value <> '0') then
    return null;
  end if;
  if not is_whole then
    execute format('select coalesce(array_agg(d.client_name order by lower(d.client_name), d.id), ''{}'')
                    from zixly.client_kpis as d where d.tenant_id = $1 and d.created_at = $2 and (%s)',
                   (select t.needed from app_private.demo_tables() as t where t.of_table = 'client_kpis'))
    into names using of_tenant, organisation.loaded_at;
  end if;
  return jsonb_build_object(
    'organisation', organisation.name, 'is_whole', is_whole, 'leaving', leaving, 'changed', changed,
    'own', own || jsonb_build_object(
      'date_notes', (select count(*) from zixly.date_notes as n where n.tenant_id = of_tenant),
      'invitations', (select count(*) from zixly.invitations as i where i.tenant_id = of_tenant
                      and i.accepted_at is null and i.withdrawn_at is null)),
    'kept_clients', to_jsonb(names),
    'reopened', (select coalesce(jsonb_agg(c.month order by c.month), '[]') from zixly.closed_months as c
                 where c.tenant_id = of_tenant and not is_whole
                   and c.month = any (demo_months) and c.month <> all (own_months)),
    'blocked', (select coalesce(jsonb_agg(c.month order by c.month), '[]') from zixly.closed_months as c
                where c.tenant_id = of_tenant and not is_whole
                  and c.month = any (demo_months) and c.month = any (own_months)));
end
$$;

-- Takes the demo away, whole or not at all, where its contents are still those that were seen; otherwise
-- changes nothing and returns false. Where all of the organisation goes, the token opens a set-up link,
-- unless the installation has another organisation.
--
-- Whoever writes about a client holds its row in common until the transaction ends, and whoever adds a
-- row of the organisation holds that of the organisation. Both are waited for before counting, and those
-- who come later find the client or the organisation gone.
create or replace function app_private.remove_demo(of_tenant text, seen jsonb, token text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  found_now jsonb;
  loaded_at timestamptz;
  part      record;
begin
  if (seen ->> 'is_whole')::boolean then
    perform from zixly.tenants as t where t.id = of_tenant for update;
  end if;
  perform from zixly.client_kpis as c where c.tenant_id = of_tenant order by c.id for update;
  found_now := app_private.demo_contents(of_tenant);
  if found_now is null or found_now is distinct from seen then
    return false;
  end if;
  if (seen ->> 'is_whole')::boolean then
    delete from zixly.tenants as t where t.id = of_tenant;
    perform app_operator.open_set_up(token);
    return true;
  end if;
  select t.created_at into loaded_at from zixly.tenants as t where t.id = of_tenant;
  delete from zixly.closed_months as c where c.tenant_id = of_tenant
    and c.month in (select r.month::date from jsonb_array_elements_text(seen -> 'reopened') as r (month));
  delete from zixly.finding_dismissals as f where f.tenant_id = of_tenant
    and f.client_kpi_id in (select c.id from zixly.client_kpis as c
                            where c.tenant_id = of_tenant and c.created_at = loaded_at);
  for part in select * from app_private.demo_tables() loop
    execute format('delete from zixly.%I as d where d.tenant_id = $1 and d.created_at = $2 and not (%s)',
                   part.of_table, part.needed)
    using of_tenant, loaded_at;
  end loop;
  delete from zixly.users as u where u.tenant_id = of_tenant and u.created_at = loaded_at;
  return true;
end
$$;

-- The same for an ADMIN, of their own organisation.
create or replace function app.demo_contents() returns jsonb
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if app.role() is distinct from 'ADMIN' then
    raise exception 'only an ADMIN may do this' using errcode = '42501';
  end if;
  return app_private.demo_contents(app.tenant_id());
end
$$;

create or replace function app.remove_demo(seen jsonb, token text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if app.role() is distinct from 'ADMIN' then
    raise exception 'only an ADMIN may do this' using errcode = '42501';
  end if;
  return app_private.remove_demo(app.tenant_id(), seen, token);
end
$$;

-- The same for the operator, of the organisation that has the demo.
create or replace function app_operator.demo_contents() returns jsonb
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select app_private.demo_contents('zixly-org-001') $$;

create or replace function app_operator.remove_demo(seen jsonb, token text) returns boolean
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$ select app_private.remove_demo('zixly-org-001', seen, token) $$;

-- Whether a set-up link was made: somebody begins an organisation of their own here.
create or replace function app_operator.set_up_begun() returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select exists (select from app_private.set_up_links) $$;
