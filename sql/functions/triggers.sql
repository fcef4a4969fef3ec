-- What happens by itself when a row changes.

-- Optimistic locking: every change counts up, whoever makes it.
create or replace function app_private.count_version() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  new.version := old.version + 1;
  new.updated_at := clock_timestamp();
  return new;
end
$$;

-- A tenant's row never moves to another tenant, whoever asks.
create or replace function app_private.keep_tenant() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'a row never changes its tenant' using errcode = '42501';
end
$$;

-- The days of a tenant begin in its time zone. One that the server does not know would break every page.
create or replace function app_private.know_time_zone() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from pg_catalog.pg_timezone_names where name = new.time_zone) then
    raise exception 'no such time zone' using errcode = 'ZX002';
  end if;
  return new;
end
$$;

-- Nothing on the trail is changed or taken off it, whoever asks: an ADMIN, the owner, a superuser.
-- It goes only where its whole tenant goes.
create or replace function app_private.keep_trail() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' and not exists (select from zixly.tenants as t where t.id = old.tenant_id) then
    return old;
  end if;
  raise exception 'the audit trail cannot be changed' using errcode = '42501';
end
$$;

-- A tenant's trail goes with it.
create or replace function app_private.take_trail_along() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  delete from zixly.audit_log where tenant_id = old.id;
  return null;
end
$$;

-- A tenant always keeps an active ADMIN. Two who demote each other at once are told one after the
-- other, and the second is refused (ZX003). Where the tenant itself is going, so may they.
create or replace function app_private.keep_an_admin() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('admins of ' || old.tenant_id, 0));
  if old.role = 'ADMIN' and old.status = 'ACTIVE'
     and exists (select from zixly.tenants as t where t.id = old.tenant_id)
     and not exists (select from zixly.users as u
                     where u.tenant_id = old.tenant_id and u.role = 'ADMIN' and u.status = 'ACTIVE') then
    raise exception 'the last active ADMIN stays' using errcode = 'ZX003';
  end if;
  return null;
end
$$;

-- Whoever is deactivated is signed out everywhere, for good: reactivating revives no session.
create or replace function app_private.end_sessions() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  update zixly.sessions set revoked_at = clock_timestamp(), updated_at = clock_timestamp()
  where tenant_id = new.tenant_id and user_id = new.id and revoked_at is null;
  return null;
end
$$;

-- Views leave no entry on the trail, so nobody would see whose they are that fill the disk: 200 a person.
-- Runs as whoever writes, who sees their own.
create or replace function app_private.keep_few_views() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from zixly.saved_views as v
             where (v.tenant_id, v.user_id) in (select n.tenant_id, n.user_id from new_rows as n)
             group by v.tenant_id, v.user_id having count(*) > 200) then
    raise exception 'too many saved views' using errcode = 'ZX012';
  end if;
  return null;
end
$$;

-- Writes one entry of what somebody did. Who and from where come from the session, or are given by
-- the function that knows them before there is a session.
create or replace function app_private.note(
  of_tenant text, of_user text, from_address text, what text, on_table text, of_row text,
  details jsonb default null) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  insert into zixly.audit_log
    (tenant_id, user_id, user_email, address, action, table_name, row_id, after)
  values (of_tenant, of_user,
          (select u.email from zixly.users as u where u.tenant_id = of_tenant and u.id = of_user),
          left(from_address, 64), what, on_table, of_row, details)
$$;

-- An ADMIN made a link with which a colleague sets a new password. (Those who ask for their own are
-- noted where they ask: they have no session.)
create or replace function app_private.note_reset_link() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if app.user_id() is not null then
    perform app_private.note_own('PASSWORD_RESET_ASKED', 'users', new.user_id, null);
  end if;
  return null;
end
$$;

-- Who changed what: one audit row per row changed, in the same transaction. Secrets are left out.
-- The ids of one statement share its time and a random part, and count: a function called per row would
-- cost an import of 100,000 rows more than writing them. PostgreSQL keeps the plan of a statement in here:
-- made for single rows, it would compare each of 100,000 with each, so rows are never joined by nesting.
create or replace function app_private.audit() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set enable_nestloop = off
as $$
declare
  -- Secrets; and the rows of a merge, each of which has an entry of its own.
  hidden constant text[] := array['password_hash', 'token_hash', 'credentials', 'secret', 'recovery_hashes',
                                  'moved', 'replaced'];
  -- A new password is noted by the functions that set it, with who did and from where.
  unsaid constant text[] := hidden || array['version', 'updated_at'];
  client constant text := case tg_table_name when 'client_kpis' then 'id' else 'client_kpi_id' end;
  claims constant text[] := app_private.claims();
  ids    constant text := left(app.new_id('aud'), 28);
  actor_email  text;
  from_address text;
  of_import    text;
begin
  select u.email, s.address into actor_email, from_address
  from zixly.users as u
  left join zixly.sessions as s on s.tenant_id = u.tenant_id and s.id = claims[4]
  where u.tenant_id = claims[1] and u.id = claims[2];
  select i.id into of_import from zixly.imports as i
  where i.tenant_id = claims[1] and i.transaction_id = pg_current_xact_id() and i.created_at = now();
  if tg_op = 'INSERT' then
    insert into zixly.audit_log (tenant_id, id, user_id, user_email, address, action, table_name, row_id,
                                 client_kpi_id, after, import_id)
    select n.tenant_id, ids || lpad(to_hex(n.position), 8, '0'), claims[2], actor_email, from_address,
           tg_op, tg_table_name, n.id, n.values ->> client,
           n.values - hidden, of_import
    from (select r.tenant_id, r.id, to_jsonb(r) as values, row_number() over () as position
          from new_rows as r) as n;
  elsif tg_op = 'UPDATE' then
    insert into zixly.audit_log (tenant_id, id, user_id, user_email, address, action, table_name, row_id,
                                 client_kpi_id, before, after, import_id)
    select n.tenant_id, ids || lpad(to_hex(n.position), 8, '0'), claims[2], actor_email, from_address,
           tg_op, tg_table_name, n.id, n.values ->> client, n.before - hidden, n.values - hidden, of_import
    from (select r.tenant_id, r.id, to_jsonb(o) as before, to_jsonb(r) as values,
                 row_number() over () as position
          from new_rows as r join old_rows as o on o.tenant_id = r.tenant_id and o.id = r.id) as n
    where tg_table_name <> 'users' or n.before - unsaid <> n.values - unsaid;
  else
    -- Where the tenant itself is going, its trail goes with it. Whoever deletes themselves is named all
    -- the same.
    insert into zixly.audit_log (tenant_id, id, user_id, user_email, address, action, table_name, row_id,
                                 client_kpi_id, before, import_id)
    select n.tenant_id, ids || lpad(to_hex(n.position), 8, '0'), claims[2],
           coalesce(actor_email, case when tg_table_name = 'users' and n.id = claims[2]
                                      then n.before ->> 'email' end),
           from_address, tg_op, tg_table_name, n.id, n.before ->> client, n.before - hidden, of_import
    from (select r.tenant_id, r.id, to_jsonb(r) as before, row_number() over () as position
          from old_rows as r) as n
    where exists (select from zixly.tenants as t where t.id = n.tenant_id);
  end if;
  return null;
end
$$;

-- Tenants have no tenant_id: the tenant is the row.
create or replace function app_private.audit_tenant() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  claims constant text[] := app_private.claims();
begin
  insert into zixly.audit_log
    (tenant_id, user_id, user_email, address, action, table_name, row_id, before, after)
  select new.id, claims[2],
         (select u.email from zixly.users as u where u.tenant_id = claims[1] and u.id = claims[2]),
         (select s.address from zixly.sessions as s where s.tenant_id = claims[1] and s.id = claims[4]),
         tg_op, tg_table_name, new.id,
         case tg_op when 'UPDATE' then to_jsonb(old) end, to_jsonb(new);
  return null;
end
$$;
