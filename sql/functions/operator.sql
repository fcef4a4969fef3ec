-- What the operator of the server does for tenants, from the command line: nothing here is within
-- reach of the app's logins.

create or replace function app_operator.create_tenant(
  new_id text, new_name text, new_industry text, new_time_zone text, new_currency text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  insert into zixly.tenants (id, name, industry, time_zone, reporting_currency)
  values (new_id, new_name, new_industry, new_time_zone, new_currency);
  insert into zixly.lead_stages (tenant_id, stage, position, status) values
    (new_id, 'Inquiry', 1, 'OPEN'), (new_id, 'Consultation', 2, 'OPEN'),
    (new_id, 'Proposal sent', 3, 'OPEN'), (new_id, 'Contract signed', 4, 'WON'),
    (new_id, 'Lost', 5, 'LOST');
end
$$;

create or replace function app_operator.add_user(
  of_tenant text, new_email text, new_name text, new_role text, new_password_hash text) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  user_id text;
begin
  if not exists (select from zixly.tenants where id = of_tenant) then
    raise exception 'no such organisation' using errcode = 'ZX002';
  end if;
  insert into zixly.users (tenant_id, email, full_name, role, password_hash)
  values (of_tenant, new_email, new_name, new_role, new_password_hash)
  returning id into user_id;
  return user_id;
end
$$;

-- Sets a password and ends every session of its user. False where there is no such user.
create or replace function app_operator.set_password(of_email text, new_password_hash text)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  changed record;
begin
  update zixly.users set password_hash = new_password_hash
  where lower(email) = lower(of_email) returning tenant_id, id into changed;
  if changed is null then
    return false;
  end if;
  update zixly.sessions set revoked_at = clock_timestamp(), updated_at = clock_timestamp()
  where tenant_id = changed.tenant_id and user_id = changed.id and revoked_at is null;
  perform app_private.note(changed.tenant_id, null, 'command line', 'PASSWORD_SET', 'users', changed.id);
  return true;
end
$$;

create or replace function app_operator.list_tenants()
  returns table (id text, name text, industry text, time_zone text, reporting_currency text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select t.id, t.name, t.industry, t.time_zone, t.reporting_currency from zixly.tenants as t
$$;

create or replace function app_operator.list_users()
  returns table (tenant_id text, tenant_name text, email text, full_name text, role text, status text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select u.tenant_id, t.name, u.email, u.full_name, u.role, u.status
  from zixly.users as u join zixly.tenants as t on t.id = u.tenant_id
$$;

-- A short session for `--as EMAIL`. False where there is no such active user.
create or replace function app_operator.open_session(of_email text, secret text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  wanted record;
begin
  select u.tenant_id, u.id into wanted from zixly.users as u
  where lower(u.email) = lower(of_email) and u.status = 'ACTIVE';
  if not found then
    return false;
  end if;
  perform app_private.open_session(wanted.tenant_id, wanted.id, secret, 'OPERATOR', 'command line',
                                   null, interval '1 hour', interval '1 hour');
  return true;
end
$$;
