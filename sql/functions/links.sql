-- What a link opens: an invitation, a new password, the set-up of an installation. For zixly_auth: the
-- people who follow a link are not signed in yet. Tokens are 256 random bits; their hash alone is stored.
-- A link that expires later than any link can was made while the clock was ahead: it is expired too.

create or replace function app_private.token_hash(token text) returns bytea
  language sql immutable set search_path = pg_catalog, pg_temp
as $$ select sha256(convert_to(token, 'UTF8')) $$;

-- What an invitation's link is worth: OPEN, USED, EXPIRED or WITHDRAWN; no row for an unknown one.
create or replace function app_auth.invitation(token text)
  returns table (state text, email text, role text, tenant_name text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select case when i.accepted_at is not null then 'USED'
              when i.withdrawn_at is not null then 'WITHDRAWN'
              when i.expires_at not between clock_timestamp() and clock_timestamp() + interval '8 days'
                then 'EXPIRED'
              else 'OPEN' end,
         i.email, i.role, t.name
  from zixly.invitations as i join zixly.tenants as t on t.id = i.tenant_id
  where i.token_hash = app_private.token_hash(token)
$$;

-- Makes the invited person a user. Raises ZX005 where the link is not open any more, and 23505 where
-- the address belongs to a user already.
create or replace function app_auth.accept_invitation(
  token text, new_name text, new_password_hash text, from_address text)
  returns table (tenant_id text, user_id text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  accepted record;
  new_user text;
begin
  update zixly.invitations as i set accepted_at = clock_timestamp(), updated_at = clock_timestamp()
  where i.token_hash = app_private.token_hash(token)
    and i.accepted_at is null and i.withdrawn_at is null
    and i.expires_at between clock_timestamp() and clock_timestamp() + interval '8 days'
  returning i.tenant_id, i.email, i.role into accepted;
  if accepted is null then
    raise exception 'this link is not open any more' using errcode = 'ZX005';
  end if;
  insert into zixly.users (tenant_id, email, full_name, role, password_hash)
  values (accepted.tenant_id, accepted.email, new_name, accepted.role, new_password_hash)
  returning id into new_user;
  perform app_private.note(accepted.tenant_id, new_user, from_address, 'PASSWORD_SET', 'users', new_user);
  return query select accepted.tenant_id, new_user;
end
$$;

-- Somebody asks for a new password. Stores the link's hash for an active user, one hour; the answer,
-- for the mail, is empty for anybody else, and where three links were asked for within the hour.
create or replace function app_auth.ask_reset(of_email text, token text, from_address text)
  returns table (email text, full_name text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  asking record;
begin
  select u.tenant_id, u.id, u.email, u.full_name into asking
  from zixly.users as u where lower(u.email) = lower(of_email) and u.status = 'ACTIVE';
  if not found or 3 <= (
    select count(*) from zixly.password_resets as p
    where p.tenant_id = asking.tenant_id and p.user_id = asking.id
      and p.created_at between clock_timestamp() - interval '1 hour'
                           and clock_timestamp() + interval '1 minute') then
    return;
  end if;
  insert into zixly.password_resets (tenant_id, user_id, token_hash, expires_at)
  values (asking.tenant_id, asking.id, app_private.token_hash(token),
          clock_timestamp() + interval '1 hour');
  perform app_private.note(asking.tenant_id, asking.id, from_address, 'PASSWORD_RESET_ASKED',
                           'users', asking.id);
  return query select asking.email, asking.full_name;
end
$$;

-- What a link for a new password is worth: OPEN, USED or EXPIRED; no row for an unknown one.
create or replace function app_auth.reset_link(token text) returns table (state text, email text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select case when p.used_at is not null then 'USED'
              when p.expires_at not between clock_timestamp() and clock_timestamp() + interval '2 days'
                or u.status <> 'ACTIVE' then 'EXPIRED'
              else 'OPEN' end,
         u.email
  from zixly.password_resets as p
  join zixly.users as u on u.tenant_id = p.tenant_id and u.id = p.user_id
  where p.token_hash = app_private.token_hash(token)
$$;

-- Sets the password a link stands for, ends every session of its user and every other such link.
-- Raises ZX005 where it is not open any more.
create or replace function app_auth.reset_password(
  token text, new_password_hash text, from_address text)
  returns table (tenant_id text, user_id text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  used record;
begin
  update zixly.password_resets as p set used_at = clock_timestamp(), updated_at = clock_timestamp()
  from zixly.users as u
  where p.token_hash = app_private.token_hash(token) and p.used_at is null
    and p.expires_at between clock_timestamp() and clock_timestamp() + interval '2 days'
    and u.tenant_id = p.tenant_id and u.id = p.user_id and u.status = 'ACTIVE'
  returning p.tenant_id, p.user_id into used;
  if used is null then
    raise exception 'this link is not open any more' using errcode = 'ZX005';
  end if;
  update zixly.password_resets as p set used_at = clock_timestamp(), updated_at = clock_timestamp()
  where p.tenant_id = used.tenant_id and p.user_id = used.user_id and p.used_at is null;
  perform app_private.set_password(used.tenant_id, used.user_id, new_password_hash, null, from_address);
  return query select used.tenant_id, used.user_id;
end
$$;

-- Changes the password of whoever holds this session; the other sessions end. The caller has checked
-- the old password.
create or replace function app_auth.change_password(session_secret text, new_password_hash text)
  returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  holder record;
begin
  select * into holder from app_private.live_session(session_secret);
  if not found then
    raise exception 'this session has ended' using errcode = '28000';
  end if;
  perform app_private.set_password(
    holder.tenant_id, holder.user_id, new_password_hash, holder.session_id,
    (select s.address from zixly.sessions as s
     where s.tenant_id = holder.tenant_id and s.id = holder.session_id));
end
$$;

create or replace function app_private.set_password(
  of_tenant text, of_user text, new_password_hash text, kept_session text, from_address text)
  returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  update zixly.users set password_hash = new_password_hash
  where tenant_id = of_tenant and id = of_user;
  update zixly.sessions set revoked_at = clock_timestamp(), updated_at = clock_timestamp()
  where tenant_id = of_tenant and user_id = of_user and revoked_at is null
    and id is distinct from kept_session;
  select app_private.note(of_tenant, of_user, from_address, 'PASSWORD_SET', 'users', of_user);
$$;

-- Whether a set-up link may still be used: OPEN, USED or EXPIRED; null for an unknown one. It is used
-- as soon as any organisation exists, however it was made.
create or replace function app_auth.set_up_link(token text) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select case when exists (select from zixly.tenants) then 'USED'
              when l.expires_at not between clock_timestamp() and clock_timestamp() + interval '8 days'
                then 'EXPIRED'
              else 'OPEN' end
  from app_private.set_up_links as l where l.token_hash = app_private.token_hash(token)
$$;

-- The founder's organisation and account. Raises ZX005 where the link is not open any more; of two who
-- use it at once, one is told so.
create or replace function app_auth.set_up(
  token text, tenant_name text, of_industry text, of_time_zone text, currency text, start_month integer,
  founder_email text, founder_name text, new_password_hash text, from_address text)
  returns table (tenant_id text, user_id text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  of_tenant constant text := 'zixly-org-001';
  founder text;
begin
  perform pg_advisory_xact_lock(hashtextextended('set-up', 0));
  if app_auth.set_up_link(token) is distinct from 'OPEN' then
    raise exception 'this link is not open any more' using errcode = 'ZX005';
  end if;
  perform app_operator.create_tenant(of_tenant, tenant_name, of_industry, of_time_zone, currency);
  update zixly.tenants set financial_year_start_month = start_month where id = of_tenant;
  founder := app_operator.add_user(of_tenant, founder_email, founder_name, 'ADMIN', new_password_hash);
  perform app_private.note(of_tenant, founder, from_address, 'PASSWORD_SET', 'users', founder);
  return query select of_tenant, founder;
end
$$;

-- For the operator: the one-time link of a new installation. A later one replaces it. False where an
-- organisation exists.
create or replace function app_operator.open_set_up(token text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from zixly.tenants) then
    return false;
  end if;
  delete from app_private.set_up_links;
  insert into app_private.set_up_links (token_hash, expires_at)
  values (app_private.token_hash(token), clock_timestamp() + interval '7 days');
  return true;
end
$$;
