-- What signing in needs, for the login zixly_auth and nobody else. It reads no table itself.

-- The stored password hash of an active user; no row for anyone else. Raises ZX001 while too many
-- attempts have failed. Within 15 minutes, of one account: after 5 from a network, waiting ever longer, at
-- most 15 minutes, and after 20 from a site; of any accounts: after 50 from a network and 200 from a site.
-- (Network and site: /64 and /48 of IPv6, see `app_private.network`; an IPv4 address is both, so that the
-- lower numbers hold for it. A site is allowed as much as four networks: it has 65,536, and an attacker who
-- rents one server often has them all, but so many people of one site are never wrong at once.)
-- What others fail keeps no rightful user out: an account that is being guessed at from many networks only
-- grants a strange one fewer attempts, 1 in place of 5, each network by itself; and for a network that the
-- user has signed in from lately nothing changes, nor does what others fail on its site count.
create or replace function app_auth.credentials(wanted_email text, from_address text)
  returns table (tenant_id text, user_id text, email text, full_name text, password_hash text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  recent constant timestamptz := clock_timestamp() - interval '15 minutes';
  from_network constant text := app_private.network(from_address, 64);
  from_site    constant text := app_private.network(from_address, 48);
  -- What failed in the future, while the clock was ahead, would lock people out until then.
  latest constant timestamptz := clock_timestamp() + interval '1 minute';
  failures       integer;
  last_failure   timestamptz;
  of_site        integer;
  from_elsewhere integer;
  by_network     integer;
  by_site        integer;
  granted        integer := 5;
  first_wait     interval := interval '5 seconds';
begin
  select count(*) filter (where f.network = from_network),
         max(f.at) filter (where f.network = from_network),
         count(*) filter (where f.site = from_site),
         count(*) filter (where f.network <> from_network)
  into failures, last_failure, of_site, from_elsewhere
  from app_private.sign_in_failures as f
  where f.email = lower(wanted_email) and f.at between recent and latest;
  select count(*) filter (where f.network = from_network), count(*)
  into by_network, by_site
  from app_private.sign_in_failures as f
  where f.site = from_site and f.at between recent and latest;
  if (from_elsewhere >= 20 or of_site >= 20 or by_site >= 200) and not exists (
       select from zixly.users as u
       where lower(u.email) = lower(wanted_email)
         and app_private.knows_address(u.tenant_id, u.id, from_address)) then
    if of_site >= 20 or by_site >= 200 then
      raise exception 'too many failed attempts to sign in' using errcode = 'ZX001';
    end if;
    granted := 1;
    first_wait := interval '1 minute';
  end if;
  if by_network >= 50
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

-- Whether the user has signed in from this address's network within the last 30 days.
create or replace function app_private.knows_address(
  of_tenant text, of_user text, from_address text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select from zixly.sessions as s
    where s.tenant_id = of_tenant and s.user_id = of_user and s.kind = 'BROWSER'
      and app_private.network(s.address, 64) = app_private.network(from_address, 64)
      and s.created_at > clock_timestamp() - interval '30 days')
$$;

create or replace function app_auth.record_failure(wanted_email text, from_address text) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  select app_private.keep_failure(wanted_email, from_address);
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
    and f.email = lower(u.email) and f.network = app_private.network(from_address, 64);
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
