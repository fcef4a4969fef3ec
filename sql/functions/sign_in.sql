-- What signing in needs, for the login zixly_auth and nobody else. It reads no table itself.

-- The stored password hash of an active user; no row for anyone else. Raises ZX001 while too many
-- attempts have failed: per account and address after 5, waiting ever longer, at most 15 minutes;
-- per address after 50 within 15 minutes. What others fail keeps no rightful user out: an account that
-- is being guessed at from many addresses only grants a strange address fewer attempts, 1 in place of
-- 5, each address by itself; and nothing changes for an address the user has signed in from lately.
create or replace function app_auth.credentials(wanted_email text, from_address text)
  returns table (tenant_id text, user_id text, email text, full_name text, password_hash text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  recent constant timestamptz := clock_timestamp() - interval '15 minutes';
  -- What failed in the future, while the clock was ahead, would lock people out until then.
  latest constant timestamptz := clock_timestamp() + interval '1 minute';
  -- As record_failure keeps it: a longer address would never be found again.
  from_where constant text := left(from_address, 64);
  failures       integer;
  last_failure   timestamptz;
  from_elsewhere integer;
  from_here      integer;
  granted        integer := 5;
  first_wait     interval := interval '5 seconds';
begin
  select count(*) filter (where f.address = from_where),
         max(f.at) filter (where f.address = from_where),
         count(*) filter (where f.address <> from_where)
  into failures, last_failure, from_elsewhere
  from app_private.sign_in_failures as f
  where f.email = lower(wanted_email) and f.at between recent and latest;
  select count(*) into from_here
  from app_private.sign_in_failures as f
  where f.address = from_where and f.at between recent and latest;
  if from_elsewhere >= 20 and not exists (
       select from zixly.users as u
       where lower(u.email) = lower(wanted_email)
         and app_private.knows_address(u.tenant_id, u.id, from_where)) then
    granted := 1;
    first_wait := interval '1 minute';
  end if;
  if from_here >= 50
     or failures >= granted
        and clock_timestamp() < last_failure
            + least(interval '15 minutes', first_wait * (2 ^ least(failures - granted, 10))) then
    raise exception 'too many failed attempts to sign in' using errcode = 'ZX001';
  end if;
  return query
    select u.tenant_id, u.id, u.email, u.full_name, u.password_hash
    from zixly.users as u
    where lower(u.email) = lower(wanted_email)
      and u.status = 'ACTIVE' and u.password_hash is not null;
end
$$;

-- Whether the user has signed in from this address within the last 30 days.
create or replace function app_private.knows_address(
  of_tenant text, of_user text, from_address text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select from zixly.sessions as s
    where s.tenant_id = of_tenant and s.user_id = of_user and s.kind = 'BROWSER'
      and s.address = left(from_address, 64)
      and s.created_at > clock_timestamp() - interval '30 days')
$$;

create or replace function app_auth.record_failure(wanted_email text, from_address text) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  delete from app_private.sign_in_failures where at not between clock_timestamp() - interval '1 day' and clock_timestamp() + interval '1 day';
  insert into app_private.sign_in_failures (email, address)
  values (lower(left(wanted_email, 254)), left(from_address, 64));
  select app_private.note(u.tenant_id, u.id, from_address, 'SIGN_IN_FAILED', 'users', u.id)
  from zixly.users as u where lower(u.email) = lower(wanted_email);
$$;

-- After a correct password: a single-use ticket of 30 seconds, which the browser exchanges for the
-- session cookie. The caller makes the ticket; its hash alone is stored.
create or replace function app_auth.issue_ticket(
  of_tenant text, of_user text, ticket text, from_address text) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  delete from app_private.sign_in_tickets where expires_at < clock_timestamp();
  delete from app_private.sign_in_failures as f
  using zixly.users as u
  where u.tenant_id = of_tenant and u.id = of_user
    and f.email = lower(u.email) and f.address = left(from_address, 64);
  insert into app_private.sign_in_tickets (ticket_hash, tenant_id, user_id, expires_at)
  values (sha256(convert_to(ticket, 'UTF8')), of_tenant, of_user,
          clock_timestamp() + interval '30 seconds');
$$;

-- Opens the session a ticket stands for. Raises 28000 when it is unknown, used or expired.
create or replace function app_auth.redeem_ticket(
  ticket text, secret text, from_address text, agent text, idle_limit interval, life interval)
  returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  redeemed record;
begin
  delete from app_private.sign_in_tickets as t
  where t.ticket_hash = sha256(convert_to(ticket, 'UTF8'))
  returning t.tenant_id, t.user_id, t.expires_at into redeemed;
  if redeemed is null
     or redeemed.expires_at not between clock_timestamp() and clock_timestamp() + interval '1 minute' then
    raise exception 'this sign-in ticket is not valid any more' using errcode = '28000';
  end if;
  perform app_private.open_session(redeemed.tenant_id, redeemed.user_id, secret, 'BROWSER',
                                   from_address, agent, idle_limit, life);
end
$$;

create or replace function app_private.open_session(
  of_tenant text, of_user text, secret text, of_kind text, from_address text, agent text,
  idle_limit interval, life interval) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  opened text;
begin
  if not exists (select from zixly.users as u
                 where u.tenant_id = of_tenant and u.id = of_user and u.status = 'ACTIVE') then
    raise exception 'this user cannot sign in' using errcode = '28000';
  end if;
  insert into zixly.sessions
    (tenant_id, user_id, secret_hash, kind, address, user_agent, idle_limit, expires_at)
  values (of_tenant, of_user, sha256(convert_to(secret, 'UTF8')), of_kind,
          left(from_address, 64), left(agent, 300), idle_limit, clock_timestamp() + life)
  returning id into opened;
  perform app_private.note(of_tenant, of_user, from_address, 'SIGN_IN', 'sessions', opened,
                           jsonb_build_object('kind', of_kind, 'user_agent', left(agent, 300)));
end
$$;
