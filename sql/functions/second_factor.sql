-- A second factor: time-based one-time passwords and recovery codes. For zixly_auth: checked before
-- there is a session, and set up by whoever holds one, even where a tenant demands it and the pages are
-- still closed. The codes are computed in zixly_data; here each works once.

-- What checking a code needs; no row where the user has no second factor.
create or replace function app_auth.second_factor(of_tenant text, of_user text)
  returns table (secret text, recovery_codes integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select f.secret, cardinality(f.recovery_hashes) from zixly.second_factors as f
  where f.tenant_id = of_tenant and f.user_id = of_user
$$;

-- Uses up a 30-second step: false where it, or a later one, was used before.
create or replace function app_auth.use_step(of_tenant text, of_user text, step bigint)
  returns boolean
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  with used as (
    update zixly.second_factors set last_step = step, updated_at = clock_timestamp()
    where tenant_id = of_tenant and user_id = of_user and last_step < step
    returning id)
  select exists (select from used)
$$;

-- Uses up a recovery code: false where it is none, or was used before.
create or replace function app_auth.use_recovery_code(
  of_tenant text, of_user text, code text, from_address text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  hashed constant bytea := app_private.token_hash(code);
begin
  update zixly.second_factors
  set recovery_hashes = array_remove(recovery_hashes, hashed), updated_at = clock_timestamp()
  where tenant_id = of_tenant and user_id = of_user
    and hashed = any (recovery_hashes);
  if not found then
    return false;
  end if;
  perform app_private.note(of_tenant, of_user, from_address, 'RECOVERY_CODE_USED', 'users', of_user);
  return true;
end
$$;

-- Raises ZX001 where whoever has the password guesses at codes: after 10 wrong ones of an account within
-- 15 minutes, whatever the addresses, since a code has only a million values. An address the user has
-- signed in from lately is judged by its own failures alone, which `credentials` counts.
create or replace function app_auth.may_try_code(of_tenant text, of_user text, from_address text)
  returns void
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if 10 <= (select count(*) from zixly.audit_log as a
            where a.tenant_id = of_tenant and a.user_id = of_user
              and a.at between clock_timestamp() - interval '15 minutes'
                           and clock_timestamp() + interval '1 minute'
              and a.action = 'SIGN_IN_FAILED' and a.after ->> 'step' = 'second factor')
     and not app_private.knows_address(of_tenant, of_user, from_address) then
    raise exception 'too many wrong codes' using errcode = 'ZX001';
  end if;
end
$$;

-- A wrong code after the right password. On the trail it is told apart from a wrong password: somebody
-- knows that one.
create or replace function app_auth.record_wrong_code(
  of_tenant text, of_user text, from_address text) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  select app_private.keep_failure(u.email, from_address) from zixly.users as u
  where u.tenant_id = of_tenant and u.id = of_user;
  select app_private.note(of_tenant, of_user, from_address, 'SIGN_IN_FAILED', 'users', of_user,
                          jsonb_build_object('step', 'second factor'));
$$;

-- Who is setting one up, for the name their app shows. Raises 28000 where the session has ended.
create or replace function app_auth.session_holder(session_secret text)
  returns table (tenant_id text, user_id text, email text, full_name text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select u.tenant_id, u.id, u.email, u.full_name
  from app_private.holder(session_secret) as h
  join zixly.users as u on u.tenant_id = h.tenant_id and u.id = h.user_id
$$;

-- Begins setting one up; a confirmed one stays in force until the new one is confirmed.
create or replace function app_auth.begin_second_factor(session_secret text, new_secret text)
  returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  holder constant record := app_private.holder(session_secret);
begin
  insert into app_private.pending_factors (tenant_id, user_id, secret)
  values (holder.tenant_id, holder.user_id, new_secret)
  on conflict (tenant_id, user_id) do update set secret = excluded.secret;
end
$$;

-- The secret that is being set up, or null.
create or replace function app_auth.pending_second_factor(session_secret text) returns text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  holder constant record := app_private.holder(session_secret);
begin
  return (select p.secret from app_private.pending_factors as p
          where p.tenant_id = holder.tenant_id and p.user_id = holder.user_id);
end
$$;

-- Puts what was set up in force, with the first code's step used up. Recovery codes come as text, and
-- are stored hashed.
create or replace function app_auth.confirm_second_factor(
  session_secret text, step bigint, recovery_codes text[]) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  holder constant record := app_private.holder(session_secret);
  pending text;
begin
  delete from app_private.pending_factors as p
  where p.tenant_id = holder.tenant_id and p.user_id = holder.user_id returning p.secret into pending;
  if pending is null then
    raise exception 'no two-step sign-in to confirm' using errcode = 'ZX002';
  end if;
  insert into zixly.second_factors
    (tenant_id, user_id, secret, last_step, recovery_hashes, confirmed_at)
  values (holder.tenant_id, holder.user_id, pending, step,
          (select array_agg(app_private.token_hash(code)) from unnest(recovery_codes) as code),
          clock_timestamp())
  on conflict (tenant_id, user_id) do update
  set secret = excluded.secret, last_step = excluded.last_step,
      recovery_hashes = excluded.recovery_hashes, confirmed_at = excluded.confirmed_at,
      updated_at = clock_timestamp();
  perform app_private.note(holder.tenant_id, holder.user_id, holder.address, 'SECOND_FACTOR_ON',
                           'users', holder.user_id);
end
$$;

-- Switches one's own off. Raises ZX004 where the tenant demands one.
create or replace function app_auth.remove_second_factor(session_secret text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  holder constant record := app_private.holder(session_secret);
begin
  if (select t.second_factor_required from zixly.tenants as t where t.id = holder.tenant_id) then
    raise exception 'a second factor is required' using errcode = 'ZX004';
  end if;
  delete from zixly.second_factors
  where tenant_id = holder.tenant_id and user_id = holder.user_id;
  perform app_private.note(holder.tenant_id, holder.user_id, holder.address, 'SECOND_FACTOR_OFF',
                           'users', holder.user_id);
end
$$;

-- Who holds a session, and from where. Raises 28000 where it has ended.
create or replace function app_private.holder(
  session_secret text, out tenant_id text, out user_id text, out session_id text, out address text)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  select l.tenant_id, l.user_id, l.session_id, s.address
  into holder.tenant_id, holder.user_id, holder.session_id, holder.address
  from app_private.live_session(session_secret) as l
  join zixly.sessions as s on s.tenant_id = l.tenant_id and s.id = l.session_id;
  if not found then
    raise exception 'this session has ended' using errcode = '28000';
  end if;
end
$$;
