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
create or replace function app_private.audit() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  hidden constant text[] := array['password_hash', 'token_hash', 'credentials', 'secret', 'recovery_hashes'];
  -- A new password is noted by the functions that set it, with who did and from where.
  unsaid constant text[] := hidden || array['version', 'updated_at'];
  claims constant text[] := app_private.claims();
  actor_email  text;
  from_address text;
begin
  select u.email, s.address into actor_email, from_address
  from zixly.users as u
  left join zixly.sessions as s on s.tenant_id = u.tenant_id and s.id = claims[4]
  where u.tenant_id = claims[1] and u.id = claims[2];
  if tg_op = 'INSERT' then
    insert into zixly.audit_log (tenant_id, user_id, user_email, address, action, table_name, row_id,
                                 client_kpi_id, after)
    select n.tenant_id, claims[2], actor_email, from_address, tg_op, tg_table_name, n.id,
           app_private.client_of(tg_table_name, to_jsonb(n)), to_jsonb(n) - hidden
    from new_rows as n;
  elsif tg_op = 'UPDATE' then
    insert into zixly.audit_log (tenant_id, user_id, user_email, address, action, table_name, row_id,
                                 client_kpi_id, before, after)
    select n.tenant_id, claims[2], actor_email, from_address, tg_op, tg_table_name, n.id,
           app_private.client_of(tg_table_name, to_jsonb(n)), to_jsonb(o) - hidden, to_jsonb(n) - hidden
    from new_rows as n join old_rows as o on o.tenant_id = n.tenant_id and o.id = n.id
    where tg_table_name <> 'users' or to_jsonb(o) - unsaid <> to_jsonb(n) - unsaid;
  else
    -- Where the tenant itself is going, its trail goes with it. Whoever deletes themselves is named all
    -- the same.
    insert into zixly.audit_log (tenant_id, user_id, user_email, address, action, table_name, row_id,
                                 client_kpi_id, before)
    select o.tenant_id, claims[2],
           coalesce(actor_email, case when tg_table_name = 'users' and o.id = claims[2]
                                      then to_jsonb(o) ->> 'email' end),
           from_address, tg_op, tg_table_name, o.id,
           app_private.client_of(tg_table_name, to_jsonb(o)), to_jsonb(o) - hidden
    from old_rows as o
    where exists (select from zixly.tenants as t where t.id = o.tenant_id);
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

create or replace function app_private.client_of(on_table text, row_values jsonb) returns text
  language sql immutable set search_path = pg_catalog, pg_temp
as $$
  select case on_table when 'client_kpis' then row_values ->> 'id' else row_values ->> 'client_kpi_id' end
$$;
