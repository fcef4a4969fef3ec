--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA app;


ALTER SCHEMA app OWNER TO zixly_owner;

COMMENT ON SCHEMA app IS 'Zixly 0004_profitability 1ca9b0f2c78d453c5189425db6c79e7a2d7f74515591f83134896ffbd206f047';


CREATE SCHEMA app_auth;


ALTER SCHEMA app_auth OWNER TO zixly_owner;

CREATE SCHEMA app_operator;


ALTER SCHEMA app_operator OWNER TO zixly_owner;

CREATE SCHEMA app_private;


ALTER SCHEMA app_private OWNER TO zixly_owner;

CREATE SCHEMA zixly;


ALTER SCHEMA zixly OWNER TO zixly_owner;

CREATE SCHEMA zixly_guard;


ALTER SCHEMA zixly_guard OWNER TO postgres;

CREATE FUNCTION app.end_my_session(which text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  update zixly.sessions as s set revoked_at = clock_timestamp(), updated_at = clock_timestamp()
  where s.tenant_id = app.tenant_id() and s.user_id = app.user_id() and s.id = which
    and s.revoked_at is null;
  if found then
    perform app_private.note_own('SESSION_ENDED', 'sessions', which, null);
  end if;
  return found;
end
$$;


ALTER FUNCTION app.end_my_session(which text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.end_session(secret text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  ended record;
begin
  update zixly.sessions as s set revoked_at = clock_timestamp(), updated_at = clock_timestamp()
  where s.secret_hash = sha256(convert_to(secret, 'UTF8')) and s.revoked_at is null
  returning s.tenant_id, s.user_id, s.id, s.address into ended;
  if found then
    perform app_private.note(ended.tenant_id, ended.user_id, ended.address, 'SIGN_OUT', 'sessions',
                             ended.id);
  end if;
end
$$;


ALTER FUNCTION app.end_session(secret text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.history_of(on_table text, of_row text) RETURNS TABLE(at timestamp with time zone, user_name text, action text, before jsonb, after jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select a.at, coalesce(u.full_name, a.user_email), a.action, a.before, a.after
  from zixly.audit_log as a
  left join zixly.users as u on u.tenant_id = a.tenant_id and u.id = a.user_id
  where a.tenant_id = (select app.tenant_id())
    and a.table_name = on_table and a.row_id = of_row
    and on_table in ('client_kpis', 'financials', 'lead_events', 'custom_metrics',
                     'metric_definitions', 'lead_stages', 'exchange_rates', 'date_notes')
$$;


ALTER FUNCTION app.history_of(on_table text, of_row text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.my_name() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select u.full_name from zixly.users as u
  where u.tenant_id = (select app.tenant_id()) and u.id = (select app.user_id())
$$;


ALTER FUNCTION app.my_name() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.my_sessions() RETURNS TABLE(id text, kind text, address text, user_agent text, created_at timestamp with time zone, last_seen_at timestamp with time zone, is_this boolean)
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select s.id, s.kind, s.address, s.user_agent, s.created_at, s.last_seen_at,
         s.id = (app_private.claims())[4]
  from zixly.sessions as s
  where s.tenant_id = (select app.tenant_id()) and s.user_id = (select app.user_id())
    and s.revoked_at is null and s.expires_at > clock_timestamp()
    and s.last_seen_at > clock_timestamp() - s.idle_limit
$$;


ALTER FUNCTION app.my_sessions() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.new_id(prefix text) RETURNS text
    LANGUAGE sql PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select prefix || '_'
    || lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
    || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)
    || substr(replace(gen_random_uuid()::text, '-', ''), 25, 8)
$$;


ALTER FUNCTION app.new_id(prefix text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.note_export(what text, row_count bigint, filters jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select app_private.note_own('EXPORT', what, null,
                              jsonb_build_object('rows', row_count, 'filters', filters))
$$;


ALTER FUNCTION app.note_export(what text, row_count bigint, filters jsonb) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.present(secret text) RETURNS TABLE(tenant_id text, user_id text, role text, email text, full_name text, session_id text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  found_session record;
  claims        text;
begin
  select * into found_session from app_private.live_session(secret);
  if not found then
    raise exception 'this session has ended' using errcode = '28000';
  end if;
  if app_private.lacks_second_factor(found_session.tenant_id, found_session.user_id,
                                     found_session.session_id) then
    raise exception 'a second factor has to be set up first' using errcode = 'ZX004';
  end if;
  claims := concat_ws('|', found_session.tenant_id, found_session.user_id,
                      found_session.role, found_session.session_id);
  perform set_config('app.context', claims || '|' || app_private.signature(claims), true);
  return query select found_session.tenant_id, found_session.user_id, found_session.role,
                      found_session.email, found_session.full_name, found_session.session_id;
end
$$;


ALTER FUNCTION app.present(secret text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.remove_second_factor_of(colleague text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if app.role() is distinct from 'ADMIN' then
    raise exception 'only an ADMIN may do this' using errcode = '42501';
  end if;
  delete from zixly.second_factors where tenant_id = app.tenant_id() and user_id = colleague;
  if found then
    perform app_private.note_own('SECOND_FACTOR_OFF', 'users', colleague, null);
  end if;
  return found;
end
$$;


ALTER FUNCTION app.remove_second_factor_of(colleague text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.role() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ begin return (app_private.claims())[3]; end $$;


ALTER FUNCTION app.role() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.rows_of_import(of_import text) RETURNS TABLE(table_name text, row_id text, action text, before jsonb, after jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 100000 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select a.table_name, a.row_id, a.action, a.before, a.after
  from zixly.audit_log as a
  where a.tenant_id = (select app.tenant_id()) and (select app.role()) in ('EDITOR', 'ADMIN')
    and a.import_id = of_import
    and a.table_name in ('client_kpis', 'financials', 'lead_events', 'custom_metrics',
                         'metric_definitions')
$$;


ALTER FUNCTION app.rows_of_import(of_import text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.tenant_id() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ begin return (app_private.claims())[1]; end $$;


ALTER FUNCTION app.tenant_id() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.touch(secret text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  update zixly.sessions as s set last_seen_at = clock_timestamp(), updated_at = clock_timestamp()
  where (s.tenant_id, s.id) in (
    select i.tenant_id, i.id from zixly.sessions as i
    where i.secret_hash = sha256(convert_to(secret, 'UTF8'))
      and i.last_seen_at < clock_timestamp() - interval '1 minute'
      and i.last_seen_at > clock_timestamp() - i.idle_limit
      and i.revoked_at is null
    for update skip locked)
$$;


ALTER FUNCTION app.touch(secret text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app.user_id() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ begin return (app_private.claims())[2]; end $$;


ALTER FUNCTION app.user_id() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.accept_invitation(token text, new_name text, new_password_hash text, from_address text) RETURNS TABLE(tenant_id text, user_id text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  accepted record;
  new_user text;
begin
  update zixly.invitations as i set accepted_at = clock_timestamp(), updated_at = clock_timestamp()
  where i.token_hash = app_private.token_hash(token)
    and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > clock_timestamp()
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


ALTER FUNCTION app_auth.accept_invitation(token text, new_name text, new_password_hash text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.ask_reset(of_email text, token text, from_address text) RETURNS TABLE(email text, full_name text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  asking record;
begin
  select u.tenant_id, u.id, u.email, u.full_name into asking
  from zixly.users as u where lower(u.email) = lower(of_email) and u.status = 'ACTIVE';
  if not found or 3 <= (
    select count(*) from zixly.password_resets as p
    where p.tenant_id = asking.tenant_id and p.user_id = asking.id
      and p.created_at > clock_timestamp() - interval '1 hour') then
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


ALTER FUNCTION app_auth.ask_reset(of_email text, token text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.begin_second_factor(session_secret text, new_secret text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  holder constant record := app_private.holder(session_secret);
begin
  insert into app_private.pending_factors (tenant_id, user_id, secret)
  values (holder.tenant_id, holder.user_id, new_secret)
  on conflict (tenant_id, user_id) do update set secret = excluded.secret;
end
$$;


ALTER FUNCTION app_auth.begin_second_factor(session_secret text, new_secret text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.change_password(session_secret text, new_password_hash text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_auth.change_password(session_secret text, new_password_hash text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.confirm_second_factor(session_secret text, step bigint, recovery_codes text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  holder constant record := app_private.holder(session_secret);
  pending text;
begin
  delete from app_private.pending_factors as p
  where p.tenant_id = holder.tenant_id and p.user_id = holder.user_id returning p.secret into pending;
  if pending is null then
    raise exception 'no second factor is being set up' using errcode = 'ZX002';
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


ALTER FUNCTION app_auth.confirm_second_factor(session_secret text, step bigint, recovery_codes text[]) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.credentials(wanted_email text, from_address text) RETURNS TABLE(tenant_id text, user_id text, email text, full_name text, password_hash text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  recent constant timestamptz := clock_timestamp() - interval '15 minutes';
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
  where f.email = lower(wanted_email) and f.at > recent;
  select count(*) into from_here
  from app_private.sign_in_failures as f
  where f.address = from_where and f.at > recent;
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


ALTER FUNCTION app_auth.credentials(wanted_email text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.invitation(token text) RETURNS TABLE(state text, email text, role text, tenant_name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select case when i.accepted_at is not null then 'USED'
              when i.withdrawn_at is not null then 'WITHDRAWN'
              when i.expires_at <= clock_timestamp() then 'EXPIRED'
              else 'OPEN' end,
         i.email, i.role, t.name
  from zixly.invitations as i join zixly.tenants as t on t.id = i.tenant_id
  where i.token_hash = app_private.token_hash(token)
$$;


ALTER FUNCTION app_auth.invitation(token text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.issue_ticket(of_tenant text, of_user text, ticket text, from_address text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  delete from app_private.sign_in_tickets where expires_at < clock_timestamp();
  delete from app_private.sign_in_failures as f
  using zixly.users as u
  where u.tenant_id = of_tenant and u.id = of_user
    and f.email = lower(u.email) and f.address = left(from_address, 64);
  insert into app_private.sign_in_tickets (ticket_hash, tenant_id, user_id, expires_at)
  values (sha256(convert_to(ticket, 'UTF8')), of_tenant, of_user,
          clock_timestamp() + interval '30 seconds');
$$;


ALTER FUNCTION app_auth.issue_ticket(of_tenant text, of_user text, ticket text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.may_try_code(of_tenant text, of_user text, from_address text) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if 10 <= (select count(*) from zixly.audit_log as a
            where a.tenant_id = of_tenant and a.user_id = of_user
              and a.at > clock_timestamp() - interval '15 minutes'
              and a.action = 'SIGN_IN_FAILED' and a.after ->> 'step' = 'second factor')
     and not app_private.knows_address(of_tenant, of_user, from_address) then
    raise exception 'too many wrong codes' using errcode = 'ZX001';
  end if;
end
$$;


ALTER FUNCTION app_auth.may_try_code(of_tenant text, of_user text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.pending_second_factor(session_secret text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  holder constant record := app_private.holder(session_secret);
begin
  return (select p.secret from app_private.pending_factors as p
          where p.tenant_id = holder.tenant_id and p.user_id = holder.user_id);
end
$$;


ALTER FUNCTION app_auth.pending_second_factor(session_secret text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.record_failure(wanted_email text, from_address text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  delete from app_private.sign_in_failures where at < clock_timestamp() - interval '1 day';
  insert into app_private.sign_in_failures (email, address)
  values (lower(left(wanted_email, 254)), left(from_address, 64));
  select app_private.note(u.tenant_id, u.id, from_address, 'SIGN_IN_FAILED', 'users', u.id)
  from zixly.users as u where lower(u.email) = lower(wanted_email);
$$;


ALTER FUNCTION app_auth.record_failure(wanted_email text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.record_wrong_code(of_tenant text, of_user text, from_address text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  insert into app_private.sign_in_failures (email, address)
  select lower(u.email), left(from_address, 64) from zixly.users as u
  where u.tenant_id = of_tenant and u.id = of_user;
  select app_private.note(of_tenant, of_user, from_address, 'SIGN_IN_FAILED', 'users', of_user,
                          jsonb_build_object('step', 'second factor'));
$$;


ALTER FUNCTION app_auth.record_wrong_code(of_tenant text, of_user text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.redeem_ticket(ticket text, secret text, from_address text, agent text, idle_limit interval, life interval) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  redeemed record;
begin
  delete from app_private.sign_in_tickets as t
  where t.ticket_hash = sha256(convert_to(ticket, 'UTF8'))
  returning t.tenant_id, t.user_id, t.expires_at into redeemed;
  if redeemed is null or redeemed.expires_at < clock_timestamp() then
    raise exception 'this sign-in ticket is not valid any more' using errcode = '28000';
  end if;
  perform app_private.open_session(redeemed.tenant_id, redeemed.user_id, secret, 'BROWSER',
                                   from_address, agent, idle_limit, life);
end
$$;


ALTER FUNCTION app_auth.redeem_ticket(ticket text, secret text, from_address text, agent text, idle_limit interval, life interval) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.remove_second_factor(session_secret text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_auth.remove_second_factor(session_secret text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.reset_link(token text) RETURNS TABLE(state text, email text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select case when p.used_at is not null then 'USED'
              when p.expires_at <= clock_timestamp() or u.status <> 'ACTIVE' then 'EXPIRED'
              else 'OPEN' end,
         u.email
  from zixly.password_resets as p
  join zixly.users as u on u.tenant_id = p.tenant_id and u.id = p.user_id
  where p.token_hash = app_private.token_hash(token)
$$;


ALTER FUNCTION app_auth.reset_link(token text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.reset_password(token text, new_password_hash text, from_address text) RETURNS TABLE(tenant_id text, user_id text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  used record;
begin
  update zixly.password_resets as p set used_at = clock_timestamp(), updated_at = clock_timestamp()
  from zixly.users as u
  where p.token_hash = app_private.token_hash(token) and p.used_at is null
    and p.expires_at > clock_timestamp()
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


ALTER FUNCTION app_auth.reset_password(token text, new_password_hash text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.second_factor(of_tenant text, of_user text) RETURNS TABLE(secret text, recovery_codes integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select f.secret, cardinality(f.recovery_hashes) from zixly.second_factors as f
  where f.tenant_id = of_tenant and f.user_id = of_user
$$;


ALTER FUNCTION app_auth.second_factor(of_tenant text, of_user text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.session_holder(session_secret text) RETURNS TABLE(tenant_id text, user_id text, email text, full_name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select u.tenant_id, u.id, u.email, u.full_name
  from app_private.holder(session_secret) as h
  join zixly.users as u on u.tenant_id = h.tenant_id and u.id = h.user_id
$$;


ALTER FUNCTION app_auth.session_holder(session_secret text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.set_up(token text, tenant_name text, of_time_zone text, currency text, start_month integer, founder_email text, founder_name text, new_password_hash text, from_address text) RETURNS TABLE(tenant_id text, user_id text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  of_tenant constant text := 'zixly-org-001';
  founder text;
begin
  perform pg_advisory_xact_lock(hashtextextended('set-up', 0));
  if app_auth.set_up_link(token) is distinct from 'OPEN' then
    raise exception 'this link is not open any more' using errcode = 'ZX005';
  end if;
  perform app_operator.create_tenant(of_tenant, tenant_name, null, of_time_zone, currency);
  update zixly.tenants set financial_year_start_month = start_month where id = of_tenant;
  founder := app_operator.add_user(of_tenant, founder_email, founder_name, 'ADMIN', new_password_hash);
  perform app_private.note(of_tenant, founder, from_address, 'PASSWORD_SET', 'users', founder);
  return query select of_tenant, founder;
end
$$;


ALTER FUNCTION app_auth.set_up(token text, tenant_name text, of_time_zone text, currency text, start_month integer, founder_email text, founder_name text, new_password_hash text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.set_up_link(token text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select case when exists (select from zixly.tenants) then 'USED'
              when l.expires_at <= clock_timestamp() then 'EXPIRED'
              else 'OPEN' end
  from app_private.set_up_links as l where l.token_hash = app_private.token_hash(token)
$$;


ALTER FUNCTION app_auth.set_up_link(token text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.use_recovery_code(of_tenant text, of_user text, code text, from_address text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_auth.use_recovery_code(of_tenant text, of_user text, code text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_auth.use_step(of_tenant text, of_user text, step bigint) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  with used as (
    update zixly.second_factors set last_step = step, updated_at = clock_timestamp()
    where tenant_id = of_tenant and user_id = of_user and last_step < step
    returning id)
  select exists (select from used)
$$;


ALTER FUNCTION app_auth.use_step(of_tenant text, of_user text, step bigint) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_operator.add_user(of_tenant text, new_email text, new_name text, new_role text, new_password_hash text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  user_id text;
begin
  if not exists (select from zixly.tenants where id = of_tenant) then
    raise exception 'no such tenant' using errcode = 'ZX002';
  end if;
  insert into zixly.users (tenant_id, email, full_name, role, password_hash)
  values (of_tenant, new_email, new_name, new_role, new_password_hash)
  returning id into user_id;
  return user_id;
end
$$;


ALTER FUNCTION app_operator.add_user(of_tenant text, new_email text, new_name text, new_role text, new_password_hash text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_operator.create_tenant(new_id text, new_name text, new_industry text, new_time_zone text, new_currency text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if not exists (select from pg_catalog.pg_timezone_names where name = new_time_zone) then
    raise exception 'no such time zone' using errcode = 'ZX002';
  end if;
  insert into zixly.tenants (id, name, industry, time_zone, reporting_currency)
  values (new_id, new_name, new_industry, new_time_zone, new_currency);
  insert into zixly.lead_stages (tenant_id, stage, position, status) values
    (new_id, 'Inquiry', 1, 'OPEN'), (new_id, 'Consultation', 2, 'OPEN'),
    (new_id, 'Proposal sent', 3, 'OPEN'), (new_id, 'Contract signed', 4, 'WON'),
    (new_id, 'Lost', 5, 'LOST');
end
$$;


ALTER FUNCTION app_operator.create_tenant(new_id text, new_name text, new_industry text, new_time_zone text, new_currency text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_operator.list_tenants() RETURNS TABLE(id text, name text, industry text, time_zone text, reporting_currency text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select t.id, t.name, t.industry, t.time_zone, t.reporting_currency from zixly.tenants as t
$$;


ALTER FUNCTION app_operator.list_tenants() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_operator.list_users() RETURNS TABLE(tenant_id text, tenant_name text, email text, full_name text, role text, status text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select u.tenant_id, t.name, u.email, u.full_name, u.role, u.status
  from zixly.users as u join zixly.tenants as t on t.id = u.tenant_id
$$;


ALTER FUNCTION app_operator.list_users() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_operator.open_session(of_email text, secret text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_operator.open_session(of_email text, secret text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_operator.open_set_up(token text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_operator.open_set_up(token text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_operator.set_password(of_email text, new_password_hash text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_operator.set_password(of_email text, new_password_hash text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_nestloop TO 'off'
    AS $$
declare
  hidden constant text[] := array['password_hash', 'token_hash', 'credentials', 'secret', 'recovery_hashes'];
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


ALTER FUNCTION app_private.audit() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.audit_tenant() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_private.audit_tenant() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.claims() RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  context text := current_setting('app.context', true);
  parts   text[];
begin
  if context is null or context = '' then
    return null;
  end if;
  parts := string_to_array(context, '|');
  -- Hashes are compared, not signatures: how long a comparison takes tells nothing of the right one.
  if array_length(parts, 1) is distinct from 5
     or sha256(convert_to(parts[5], 'UTF8')) is distinct from sha256(convert_to(
          app_private.signature(array_to_string(parts[1:4], '|')), 'UTF8')) then
    raise exception 'the context of this transaction is not valid' using errcode = '28000';
  end if;
  return parts;
end
$$;


ALTER FUNCTION app_private.claims() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.closing(of_tenant text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ select hashtextextended('closing months of ' || of_tenant, 0) $$;


ALTER FUNCTION app_private.closing(of_tenant text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.count_version() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  new.version := old.version + 1;
  new.updated_at := clock_timestamp();
  return new;
end
$$;


ALTER FUNCTION app_private.count_version() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.end_sessions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  update zixly.sessions set revoked_at = clock_timestamp(), updated_at = clock_timestamp()
  where tenant_id = new.tenant_id and user_id = new.id and revoked_at is null;
  return null;
end
$$;


ALTER FUNCTION app_private.end_sessions() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.holder(session_secret text, OUT tenant_id text, OUT user_id text, OUT session_id text, OUT address text) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_private.holder(session_secret text, OUT tenant_id text, OUT user_id text, OUT session_id text, OUT address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.keep_an_admin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_private.keep_an_admin() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.keep_closed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
$_$;


ALTER FUNCTION app_private.keep_closed() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.keep_closed_currency() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_private.keep_closed_currency() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.keep_tenant() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  raise exception 'a row never changes its tenant' using errcode = '42501';
end
$$;


ALTER FUNCTION app_private.keep_tenant() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.keep_trail() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if tg_op = 'DELETE' and not exists (select from zixly.tenants as t where t.id = old.tenant_id) then
    return old;
  end if;
  raise exception 'the audit trail cannot be changed' using errcode = '42501';
end
$$;


ALTER FUNCTION app_private.keep_trail() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.knows_address(of_tenant text, of_user text, from_address text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select exists (
    select from zixly.sessions as s
    where s.tenant_id = of_tenant and s.user_id = of_user and s.kind = 'BROWSER'
      and s.address = left(from_address, 64)
      and s.created_at > clock_timestamp() - interval '30 days')
$$;


ALTER FUNCTION app_private.knows_address(of_tenant text, of_user text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.lacks_second_factor(of_tenant text, of_user text, of_session text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select t.second_factor_required
    and not exists (select from zixly.second_factors as f
                    where f.tenant_id = of_tenant and f.user_id = of_user)
    and not exists (select from zixly.sessions as s
                    where s.tenant_id = of_tenant and s.id = of_session and s.kind = 'OPERATOR')
  from zixly.tenants as t where t.id = of_tenant
$$;


ALTER FUNCTION app_private.lacks_second_factor(of_tenant text, of_user text, of_session text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.live_session(secret text) RETURNS TABLE(tenant_id text, user_id text, role text, email text, full_name text, session_id text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select s.tenant_id, s.user_id, u.role, u.email, u.full_name, s.id
  from zixly.sessions as s
  join zixly.users as u on u.tenant_id = s.tenant_id and u.id = s.user_id
  where s.secret_hash = sha256(convert_to(secret, 'UTF8'))
    and s.revoked_at is null
    and s.expires_at > clock_timestamp()
    and s.last_seen_at > clock_timestamp() - s.idle_limit
    and u.status = 'ACTIVE'
$$;


ALTER FUNCTION app_private.live_session(secret text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.make_signing_key() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  -- Of each random uuid the half without fixed bits.
  secret_key bytea := decode((
    select string_agg(right(replace(gen_random_uuid()::text, '-', ''), 12), '')
    from generate_series(1, 11)), 'hex');
  inner_pad bytea := ''::bytea;
  outer_pad bytea := ''::bytea;
begin
  for place in 0..63 loop
    inner_pad := inner_pad || set_byte('\x00', 0, get_byte(secret_key, place) # 54);
    outer_pad := outer_pad || set_byte('\x00', 0, get_byte(secret_key, place) # 92);
  end loop;
  insert into app_private.signing_key (inner_pad, outer_pad) values (inner_pad, outer_pad);
end
$$;


ALTER FUNCTION app_private.make_signing_key() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.note(of_tenant text, of_user text, from_address text, what text, on_table text, of_row text, details jsonb DEFAULT NULL::jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  insert into zixly.audit_log
    (tenant_id, user_id, user_email, address, action, table_name, row_id, after)
  values (of_tenant, of_user,
          (select u.email from zixly.users as u where u.tenant_id = of_tenant and u.id = of_user),
          left(from_address, 64), what, on_table, of_row, details)
$$;


ALTER FUNCTION app_private.note(of_tenant text, of_user text, from_address text, what text, on_table text, of_row text, details jsonb) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.note_own(what text, on_table text, of_row text, details jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  select app_private.note(
    app.tenant_id(), app.user_id(),
    (select s.address from zixly.sessions as s
     where s.tenant_id = app.tenant_id() and s.id = (app_private.claims())[4]),
    what, on_table, of_row, details)
$$;


ALTER FUNCTION app_private.note_own(what text, on_table text, of_row text, details jsonb) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.note_reset_link() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if app.user_id() is not null then
    perform app_private.note_own('PASSWORD_RESET_ASKED', 'users', new.user_id, null);
  end if;
  return null;
end
$$;


ALTER FUNCTION app_private.note_reset_link() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.note_undoing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_private.note_undoing() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.open_session(of_tenant text, of_user text, secret text, of_kind text, from_address text, agent text, idle_limit interval, life interval) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_private.open_session(of_tenant text, of_user text, secret text, of_kind text, from_address text, agent text, idle_limit interval, life interval) OWNER TO zixly_gatekeeper;

CREATE PROCEDURE app_private.protect(IN of_table text, IN reads text, IN records text DEFAULT ''::text, IN changes text DEFAULT ''::text, IN removes text DEFAULT ''::text, IN read_columns text DEFAULT '*'::text, IN record_columns text DEFAULT ''::text, IN change_columns text DEFAULT ''::text, IN tenant_column text DEFAULT 'tenant_id'::text, IN owner_column text DEFAULT ''::text)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
  ours constant text := format('%I = (select app.tenant_id())', tenant_column);
  rule   record;
  policy record;
begin
  execute format('alter table zixly.%I enable row level security', of_table);
  execute format('alter table zixly.%I force row level security', of_table);
  for policy in select polname from pg_catalog.pg_policy
                where polrelid = format('zixly.%I', of_table)::regclass loop
    execute format('drop policy %I on zixly.%I', policy.polname, of_table);
  end loop;
  execute format('revoke all on zixly.%I from public, zixly_app, zixly_auth, zixly_operator,
                  zixly_gatekeeper, zixly_viewer, zixly_editor, zixly_admin', of_table);

  execute format('create policy "rows stay within their tenant" on zixly.%I as restrictive
                  to zixly_viewer, zixly_editor, zixly_admin using (%s) with check (%s)',
                 of_table, ours, ours);
  if owner_column <> '' then
    execute format('create policy "rows are their person''s own" on zixly.%1$I as restrictive
                    to zixly_viewer, zixly_editor, zixly_admin
                    using (%2$I = (select app.user_id())) with check (%2$I = (select app.user_id()))',
                   of_table, owner_column);
  end if;
  for rule in
    select verb, string_to_array(roles, ' ') as roles, columns from (values
      ('select', reads,   case read_columns when '*' then '' else read_columns end),
      ('insert', records, record_columns),
      ('update', changes, change_columns),
      ('delete', removes, '')) as v (verb, roles, columns)
    where roles <> ''
  loop
    execute format('create policy %I on zixly.%I as permissive for %s to %s %s',
      format('%s by %s', rule.verb, lower(array_to_string(rule.roles, ', '))), of_table, rule.verb,
      (select string_agg('zixly_' || lower(r), ', ') from unnest(rule.roles) as r),
      case rule.verb
        when 'insert' then format('with check (%s and (select app.role()) = any (%L))', ours, rule.roles)
        when 'update' then format('using (%1$s and (select app.role()) = any (%2$L))
                                   with check (%1$s and (select app.role()) = any (%2$L))', ours, rule.roles)
        else format('using (%s and (select app.role()) = any (%L))', ours, rule.roles)
      end);
    execute format('grant %s %s on zixly.%I to %s', rule.verb,
      case when rule.columns = '' then '' else format('(%s)', rule.columns) end, of_table,
      (select string_agg('zixly_' || lower(r), ', ') from unnest(rule.roles) as r));
  end loop;
end
$_$;


ALTER PROCEDURE app_private.protect(IN of_table text, IN reads text, IN records text, IN changes text, IN removes text, IN read_columns text, IN record_columns text, IN change_columns text, IN tenant_column text, IN owner_column text) OWNER TO zixly_owner;

CREATE FUNCTION app_private.set_password(of_tenant text, of_user text, new_password_hash text, kept_session text, from_address text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  update zixly.users set password_hash = new_password_hash
  where tenant_id = of_tenant and id = of_user;
  update zixly.sessions set revoked_at = clock_timestamp(), updated_at = clock_timestamp()
  where tenant_id = of_tenant and user_id = of_user and revoked_at is null
    and id is distinct from kept_session;
  select app_private.note(of_tenant, of_user, from_address, 'PASSWORD_SET', 'users', of_user);
$$;


ALTER FUNCTION app_private.set_password(of_tenant text, of_user text, new_password_hash text, kept_session text, from_address text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.signature(claims text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  signed bytea := convert_to(
    claims || '|' || extract(epoch from transaction_timestamp())::text, 'UTF8');
  pads record;
begin
  select inner_pad, outer_pad into strict pads from app_private.signing_key;
  return encode(sha256(pads.outer_pad || sha256(pads.inner_pad || signed)), 'hex');
end
$$;


ALTER FUNCTION app_private.signature(claims text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.sum_months() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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


ALTER FUNCTION app_private.sum_months() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.take_trail_along() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  delete from zixly.audit_log where tenant_id = old.id;
  return null;
end
$$;


ALTER FUNCTION app_private.take_trail_along() OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.token_hash(token text) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ select sha256(convert_to(token, 'UTF8')) $$;


ALTER FUNCTION app_private.token_hash(token text) OWNER TO zixly_gatekeeper;

CREATE FUNCTION app_private.wait_for_writers() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET lock_timeout TO '15s'
    AS $$
begin
  perform pg_advisory_xact_lock(app_private.closing(new.tenant_id));
  return new;
end
$$;


ALTER FUNCTION app_private.wait_for_writers() OWNER TO zixly_gatekeeper;

CREATE FUNCTION zixly_guard.refuse_drop_owned() RETURNS event_trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    begin
      if session_user in ('zixly_app', 'zixly_auth') then
        raise exception 'this login drops nothing' using errcode = '42501';
      end if;
    end
    $$;


ALTER FUNCTION zixly_guard.refuse_drop_owned() OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE app_private.pending_factors (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    secret text NOT NULL
);


ALTER TABLE app_private.pending_factors OWNER TO zixly_owner;

CREATE TABLE app_private.replayed (
    only_row boolean DEFAULT true NOT NULL,
    fingerprint text NOT NULL,
    CONSTRAINT replayed_only_row_check CHECK (only_row)
);


ALTER TABLE app_private.replayed OWNER TO zixly_owner;

CREATE TABLE app_private.revision (
    version_num character varying(32) NOT NULL
);


ALTER TABLE app_private.revision OWNER TO zixly_owner;

CREATE TABLE app_private.set_up_links (
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


ALTER TABLE app_private.set_up_links OWNER TO zixly_owner;

CREATE TABLE app_private.sign_in_failures (
    id bigint NOT NULL,
    email text NOT NULL,
    address text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


ALTER TABLE app_private.sign_in_failures OWNER TO zixly_owner;

ALTER TABLE app_private.sign_in_failures ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app_private.sign_in_failures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE app_private.sign_in_tickets (
    ticket_hash bytea NOT NULL,
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    expires_at timestamp with time zone NOT NULL
);


ALTER TABLE app_private.sign_in_tickets OWNER TO zixly_owner;

CREATE TABLE app_private.signing_key (
    only_row boolean DEFAULT true NOT NULL,
    inner_pad bytea NOT NULL,
    outer_pad bytea NOT NULL,
    CONSTRAINT signing_key_only_row_check CHECK (only_row)
);


ALTER TABLE app_private.signing_key OWNER TO zixly_owner;

CREATE TABLE zixly.audit_log (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('aud'::text) NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    user_id text COLLATE pg_catalog."C",
    action text NOT NULL,
    table_name text NOT NULL,
    row_id text COLLATE pg_catalog."C",
    before jsonb,
    after jsonb,
    user_email text,
    address text,
    client_kpi_id text COLLATE pg_catalog."C",
    import_id text COLLATE pg_catalog."C",
    CONSTRAINT audit_action_known CHECK ((action = ANY (ARRAY['INSERT'::text, 'UPDATE'::text, 'DELETE'::text, 'SIGN_IN'::text, 'SIGN_IN_FAILED'::text, 'SIGN_OUT'::text, 'SESSION_ENDED'::text, 'PASSWORD_SET'::text, 'PASSWORD_RESET_ASKED'::text, 'SECOND_FACTOR_ON'::text, 'SECOND_FACTOR_OFF'::text, 'RECOVERY_CODE_USED'::text, 'EXPORT'::text])))
);
ALTER TABLE ONLY zixly.audit_log ALTER COLUMN user_email SET STATISTICS 0;
ALTER TABLE ONLY zixly.audit_log ALTER COLUMN address SET STATISTICS 0;

ALTER TABLE ONLY zixly.audit_log FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.audit_log OWNER TO zixly_owner;

CREATE TABLE zixly.client_kpis (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('ckpi'::text) NOT NULL COLLATE pg_catalog."C",
    client_id text NOT NULL,
    client_name text NOT NULL,
    industry text,
    currency text DEFAULT 'AUD'::text NOT NULL,
    status text DEFAULT 'ACTIVE'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT client_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT client_external_id_length CHECK (((char_length(client_id) >= 1) AND (char_length(client_id) <= 100))),
    CONSTRAINT client_industry_length CHECK (((char_length(industry) >= 1) AND (char_length(industry) <= 100))),
    CONSTRAINT client_name_length CHECK (((char_length(client_name) >= 1) AND (char_length(client_name) <= 200))),
    CONSTRAINT client_status_known CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'COMPLETED'::text])))
);
ALTER TABLE ONLY zixly.client_kpis ALTER COLUMN client_id SET STATISTICS 0;
ALTER TABLE ONLY zixly.client_kpis ALTER COLUMN client_name SET STATISTICS 0;
ALTER TABLE ONLY zixly.client_kpis ALTER COLUMN industry SET STATISTICS 0;

ALTER TABLE ONLY zixly.client_kpis FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.client_kpis OWNER TO zixly_owner;

CREATE TABLE zixly.closed_months (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('clo'::text) NOT NULL COLLATE pg_catalog."C",
    month date NOT NULL,
    closed_by text DEFAULT app.user_id() COLLATE pg_catalog."C",
    closed_by_name text DEFAULT app.my_name(),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT closed_month_first_day CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT closed_month_range CHECK (((month >= '2000-01-01'::date) AND (month <= '2100-12-31'::date)))
);
ALTER TABLE ONLY zixly.closed_months ALTER COLUMN closed_by_name SET STATISTICS 0;

ALTER TABLE ONLY zixly.closed_months FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.closed_months OWNER TO zixly_owner;

CREATE TABLE zixly.custom_metrics (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('met'::text) NOT NULL COLLATE pg_catalog."C",
    client_kpi_id text NOT NULL COLLATE pg_catalog."C",
    metric_name text NOT NULL,
    metric_value numeric(14,4) NOT NULL,
    unit text NOT NULL,
    record_date date NOT NULL,
    source_system text DEFAULT 'manual'::text NOT NULL,
    external_id text,
    note text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT custom_metric_date_range CHECK (((record_date >= '2000-01-01'::date) AND (record_date <= '2100-12-31'::date))),
    CONSTRAINT custom_metric_external_id_length CHECK (((char_length(external_id) >= 1) AND (char_length(external_id) <= 200))),
    CONSTRAINT custom_metric_note_length CHECK ((char_length(note) <= 2000)),
    CONSTRAINT custom_metric_source_length CHECK (((char_length(source_system) >= 1) AND (char_length(source_system) <= 50)))
);
ALTER TABLE ONLY zixly.custom_metrics ALTER COLUMN metric_name SET STATISTICS 0;
ALTER TABLE ONLY zixly.custom_metrics ALTER COLUMN unit SET STATISTICS 0;
ALTER TABLE ONLY zixly.custom_metrics ALTER COLUMN external_id SET STATISTICS 0;
ALTER TABLE ONLY zixly.custom_metrics ALTER COLUMN note SET STATISTICS 0;

ALTER TABLE ONLY zixly.custom_metrics FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.custom_metrics OWNER TO zixly_owner;

CREATE TABLE zixly.date_notes (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('note'::text) NOT NULL COLLATE pg_catalog."C",
    day date NOT NULL,
    client_kpi_id text COLLATE pg_catalog."C",
    words text NOT NULL,
    written_by_name text DEFAULT app.my_name(),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT date_note_date_range CHECK (((day >= '2000-01-01'::date) AND (day <= '2100-12-31'::date))),
    CONSTRAINT date_note_words_length CHECK (((char_length(words) >= 1) AND (char_length(words) <= 200)))
);
ALTER TABLE ONLY zixly.date_notes ALTER COLUMN words SET STATISTICS 0;
ALTER TABLE ONLY zixly.date_notes ALTER COLUMN written_by_name SET STATISTICS 0;

ALTER TABLE ONLY zixly.date_notes FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.date_notes OWNER TO zixly_owner;

CREATE TABLE zixly.exchange_rates (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('rate'::text) NOT NULL COLLATE pg_catalog."C",
    month date NOT NULL,
    currency text NOT NULL,
    into_currency text NOT NULL,
    rate numeric(18,8) NOT NULL,
    source_system text DEFAULT 'manual'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT exchange_rate_currency_form CHECK (((currency ~ '^[A-Z]{3}$'::text) AND (into_currency ~ '^[A-Z]{3}$'::text))),
    CONSTRAINT exchange_rate_first_day CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT exchange_rate_positive CHECK (((rate > (0)::numeric) AND (rate <= (1000000000)::numeric))),
    CONSTRAINT exchange_rate_range CHECK (((month >= '2000-01-01'::date) AND (month <= '2100-12-31'::date))),
    CONSTRAINT exchange_rate_source_length CHECK (((char_length(source_system) >= 1) AND (char_length(source_system) <= 50))),
    CONSTRAINT exchange_rate_two_currencies CHECK ((currency <> into_currency))
);

ALTER TABLE ONLY zixly.exchange_rates FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.exchange_rates OWNER TO zixly_owner;

CREATE TABLE zixly.financial_months (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('fmo'::text) NOT NULL COLLATE pg_catalog."C",
    client_kpi_id text NOT NULL COLLATE pg_catalog."C",
    month date NOT NULL,
    revenue numeric(20,2) NOT NULL,
    expenses numeric(20,2) NOT NULL,
    records bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY zixly.financial_months FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.financial_months OWNER TO zixly_owner;

CREATE TABLE zixly.financials (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('fin'::text) NOT NULL COLLATE pg_catalog."C",
    client_kpi_id text NOT NULL COLLATE pg_catalog."C",
    record_date date NOT NULL,
    revenue numeric(14,2) NOT NULL,
    expenses numeric(14,2) NOT NULL,
    profit numeric(15,2) GENERATED ALWAYS AS ((revenue - expenses)) STORED,
    source_system text DEFAULT 'manual'::text NOT NULL,
    external_id text,
    note text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT financial_date_range CHECK (((record_date >= '2000-01-01'::date) AND (record_date <= '2100-12-31'::date))),
    CONSTRAINT financial_external_id_length CHECK (((char_length(external_id) >= 1) AND (char_length(external_id) <= 200))),
    CONSTRAINT financial_note_length CHECK ((char_length(note) <= 2000)),
    CONSTRAINT financial_source_length CHECK (((char_length(source_system) >= 1) AND (char_length(source_system) <= 50)))
);
ALTER TABLE ONLY zixly.financials ALTER COLUMN external_id SET STATISTICS 0;
ALTER TABLE ONLY zixly.financials ALTER COLUMN note SET STATISTICS 0;

ALTER TABLE ONLY zixly.financials FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.financials OWNER TO zixly_owner;

CREATE TABLE zixly.finding_dismissals (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('dis'::text) NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    client_kpi_id text NOT NULL COLLATE pg_catalog."C",
    subject text DEFAULT ''::text NOT NULL,
    reason text NOT NULL,
    dismissed_by text DEFAULT app.user_id() COLLATE pg_catalog."C",
    dismissed_by_name text DEFAULT app.my_name(),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT finding_dismissal_kind_form CHECK ((kind ~ '^[A-Z][A-Z_]{0,39}$'::text)),
    CONSTRAINT finding_dismissal_reason_length CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500))),
    CONSTRAINT finding_dismissal_subject_length CHECK ((char_length(subject) <= 200))
);
ALTER TABLE ONLY zixly.finding_dismissals ALTER COLUMN subject SET STATISTICS 0;
ALTER TABLE ONLY zixly.finding_dismissals ALTER COLUMN reason SET STATISTICS 0;
ALTER TABLE ONLY zixly.finding_dismissals ALTER COLUMN dismissed_by_name SET STATISTICS 0;

ALTER TABLE ONLY zixly.finding_dismissals FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.finding_dismissals OWNER TO zixly_owner;

CREATE TABLE zixly.import_mappings (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('map'::text) NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    header text NOT NULL,
    mapping jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT import_mapping_header_form CHECK ((header ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT import_mapping_kind_known CHECK ((kind = ANY (ARRAY['CLIENTS'::text, 'FINANCIALS'::text, 'LEAD_EVENTS'::text, 'CUSTOM_METRICS'::text]))),
    CONSTRAINT import_mapping_size CHECK ((pg_column_size(mapping) <= 262144))
);
ALTER TABLE ONLY zixly.import_mappings ALTER COLUMN header SET STATISTICS 0;

ALTER TABLE ONLY zixly.import_mappings FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.import_mappings OWNER TO zixly_owner;

CREATE TABLE zixly.imports (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('imp'::text) NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    file_name text NOT NULL,
    checksum text NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    unchanged integer NOT NULL,
    rejected integer NOT NULL,
    left_out integer NOT NULL,
    sums jsonb DEFAULT '[]'::jsonb NOT NULL,
    imported_by text DEFAULT app.user_id() COLLATE pg_catalog."C",
    imported_by_name text DEFAULT app.my_name(),
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    undone_at timestamp with time zone,
    undone_by_name text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT import_checksum_form CHECK ((checksum ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT import_counts CHECK ((LEAST(added, changed, unchanged, rejected, left_out) >= 0)),
    CONSTRAINT import_file_name_length CHECK (((char_length(file_name) >= 1) AND (char_length(file_name) <= 255))),
    CONSTRAINT import_kind_known CHECK ((kind = ANY (ARRAY['CLIENTS'::text, 'FINANCIALS'::text, 'LEAD_EVENTS'::text, 'CUSTOM_METRICS'::text])))
);
ALTER TABLE ONLY zixly.imports ALTER COLUMN file_name SET STATISTICS 0;
ALTER TABLE ONLY zixly.imports ALTER COLUMN checksum SET STATISTICS 0;
ALTER TABLE ONLY zixly.imports ALTER COLUMN imported_by_name SET STATISTICS 0;
ALTER TABLE ONLY zixly.imports ALTER COLUMN undone_by_name SET STATISTICS 0;

ALTER TABLE ONLY zixly.imports FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.imports OWNER TO zixly_owner;

CREATE TABLE zixly.integrations (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('int'::text) NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    status text DEFAULT 'DISCONNECTED'::text NOT NULL,
    credentials bytea,
    last_synced_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT integration_kind_known CHECK ((kind = ANY (ARRAY['XERO'::text, 'HUBSPOT'::text]))),
    CONSTRAINT integration_status_known CHECK ((status = ANY (ARRAY['CONNECTED'::text, 'DISCONNECTED'::text, 'FAILING'::text])))
);

ALTER TABLE ONLY zixly.integrations FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.integrations OWNER TO zixly_owner;

CREATE TABLE zixly.invitations (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('inv'::text) NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL,
    role text NOT NULL,
    token_hash bytea NOT NULL,
    invited_by text DEFAULT app.user_id() NOT NULL COLLATE pg_catalog."C",
    expires_at timestamp with time zone DEFAULT (now() + '7 days'::interval) NOT NULL,
    accepted_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT invitation_email_form CHECK (((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text) AND (char_length(email) <= 254))),
    CONSTRAINT invitation_role_known CHECK ((role = ANY (ARRAY['VIEWER'::text, 'EDITOR'::text, 'ADMIN'::text])))
);
ALTER TABLE ONLY zixly.invitations ALTER COLUMN email SET STATISTICS 0;

ALTER TABLE ONLY zixly.invitations FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.invitations OWNER TO zixly_owner;

CREATE TABLE zixly.lead_events (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('lev'::text) NOT NULL COLLATE pg_catalog."C",
    client_kpi_id text NOT NULL COLLATE pg_catalog."C",
    lead_id text NOT NULL,
    stage text NOT NULL,
    status text NOT NULL,
    event_date date NOT NULL,
    value numeric(14,2),
    source_system text DEFAULT 'manual'::text NOT NULL,
    external_id text,
    note text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lead_event_date_range CHECK (((event_date >= '2000-01-01'::date) AND (event_date <= '2100-12-31'::date))),
    CONSTRAINT lead_event_external_id_length CHECK (((char_length(external_id) >= 1) AND (char_length(external_id) <= 200))),
    CONSTRAINT lead_event_lead_length CHECK (((char_length(lead_id) >= 1) AND (char_length(lead_id) <= 100))),
    CONSTRAINT lead_event_note_length CHECK ((char_length(note) <= 2000)),
    CONSTRAINT lead_event_source_length CHECK (((char_length(source_system) >= 1) AND (char_length(source_system) <= 50))),
    CONSTRAINT lead_event_value_positive CHECK ((value >= (0)::numeric))
);
ALTER TABLE ONLY zixly.lead_events ALTER COLUMN lead_id SET STATISTICS 0;
ALTER TABLE ONLY zixly.lead_events ALTER COLUMN stage SET STATISTICS 0;
ALTER TABLE ONLY zixly.lead_events ALTER COLUMN external_id SET STATISTICS 0;
ALTER TABLE ONLY zixly.lead_events ALTER COLUMN note SET STATISTICS 0;

ALTER TABLE ONLY zixly.lead_events FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.lead_events OWNER TO zixly_owner;

CREATE TABLE zixly.lead_stages (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('stage'::text) NOT NULL COLLATE pg_catalog."C",
    stage text NOT NULL,
    "position" smallint NOT NULL,
    status text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lead_stage_length CHECK (((char_length(stage) >= 1) AND (char_length(stage) <= 100))),
    CONSTRAINT lead_stage_position CHECK ((("position" >= 1) AND ("position" <= 99))),
    CONSTRAINT lead_stage_status_known CHECK ((status = ANY (ARRAY['OPEN'::text, 'WON'::text, 'LOST'::text])))
);
ALTER TABLE ONLY zixly.lead_stages ALTER COLUMN stage SET STATISTICS 0;

ALTER TABLE ONLY zixly.lead_stages FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.lead_stages OWNER TO zixly_owner;

CREATE TABLE zixly.metric_definitions (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('mdef'::text) NOT NULL COLLATE pg_catalog."C",
    metric_name text NOT NULL,
    unit text NOT NULL,
    kind text DEFAULT 'NUMBER'::text NOT NULL,
    direction text DEFAULT 'UP'::text NOT NULL,
    target numeric(14,4),
    out_of numeric(14,4),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT metric_direction_known CHECK ((direction = ANY (ARRAY['UP'::text, 'DOWN'::text]))),
    CONSTRAINT metric_kind_known CHECK ((kind = ANY (ARRAY['NUMBER'::text, 'PERCENT'::text, 'RATING'::text, 'YES_NO'::text, 'COUNT'::text, 'DURATION'::text]))),
    CONSTRAINT metric_name_length CHECK (((char_length(metric_name) >= 1) AND (char_length(metric_name) <= 100))),
    CONSTRAINT metric_rating_scale CHECK ((((kind = 'RATING'::text) = (out_of IS NOT NULL)) AND ((out_of > (0)::numeric) IS NOT FALSE))),
    CONSTRAINT metric_unit_length CHECK (((char_length(unit) >= 1) AND (char_length(unit) <= 40)))
);
ALTER TABLE ONLY zixly.metric_definitions ALTER COLUMN metric_name SET STATISTICS 0;
ALTER TABLE ONLY zixly.metric_definitions ALTER COLUMN unit SET STATISTICS 0;

ALTER TABLE ONLY zixly.metric_definitions FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.metric_definitions OWNER TO zixly_owner;

CREATE TABLE zixly.password_resets (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('pwr'::text) NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    token_hash bytea NOT NULL,
    expires_at timestamp with time zone DEFAULT (now() + '1 day'::interval) NOT NULL,
    used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY zixly.password_resets FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.password_resets OWNER TO zixly_owner;

CREATE TABLE zixly.saved_views (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('view'::text) NOT NULL COLLATE pg_catalog."C",
    user_id text DEFAULT app.user_id() NOT NULL COLLATE pg_catalog."C",
    page text NOT NULL,
    name text NOT NULL,
    filters text NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT saved_view_filters_length CHECK ((char_length(filters) <= 2000)),
    CONSTRAINT saved_view_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 60))),
    CONSTRAINT saved_view_page_form CHECK ((page ~ '^[a-z][a-z-]{0,39}$'::text))
);
ALTER TABLE ONLY zixly.saved_views ALTER COLUMN page SET STATISTICS 0;
ALTER TABLE ONLY zixly.saved_views ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE ONLY zixly.saved_views ALTER COLUMN filters SET STATISTICS 0;

ALTER TABLE ONLY zixly.saved_views FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.saved_views OWNER TO zixly_owner;

CREATE TABLE zixly.second_factors (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('2fa'::text) NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    secret text NOT NULL,
    last_step bigint NOT NULL,
    recovery_hashes bytea[] NOT NULL,
    confirmed_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY zixly.second_factors ALTER COLUMN secret SET STATISTICS 0;

ALTER TABLE ONLY zixly.second_factors FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.second_factors OWNER TO zixly_owner;

CREATE TABLE zixly.sessions (
    tenant_id text NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('ses'::text) NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    secret_hash bytea NOT NULL,
    kind text NOT NULL,
    address text,
    user_agent text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    idle_limit interval NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT session_kind_known CHECK ((kind = ANY (ARRAY['BROWSER'::text, 'OPERATOR'::text])))
);
ALTER TABLE ONLY zixly.sessions ALTER COLUMN address SET STATISTICS 0;
ALTER TABLE ONLY zixly.sessions ALTER COLUMN user_agent SET STATISTICS 0;

ALTER TABLE ONLY zixly.sessions FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.sessions OWNER TO zixly_owner;

CREATE TABLE zixly.tenants (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    industry text,
    time_zone text DEFAULT 'Australia/Brisbane'::text NOT NULL,
    reporting_currency text DEFAULT 'AUD'::text NOT NULL,
    financial_year_start_month smallint DEFAULT 7 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    second_factor_required boolean DEFAULT false NOT NULL,
    CONSTRAINT tenant_currency_form CHECK ((reporting_currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT tenant_financial_year_month CHECK (((financial_year_start_month >= 1) AND (financial_year_start_month <= 12))),
    CONSTRAINT tenant_id_form CHECK ((id ~ '^[A-Za-z0-9._-]{1,64}$'::text)),
    CONSTRAINT tenant_industry_length CHECK ((char_length(industry) <= 200)),
    CONSTRAINT tenant_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT tenant_time_zone_length CHECK (((char_length(time_zone) >= 1) AND (char_length(time_zone) <= 64)))
);
ALTER TABLE ONLY zixly.tenants ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE ONLY zixly.tenants ALTER COLUMN industry SET STATISTICS 0;

ALTER TABLE ONLY zixly.tenants FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.tenants OWNER TO zixly_owner;

CREATE TABLE zixly.users (
    tenant_id text DEFAULT app.tenant_id() NOT NULL COLLATE pg_catalog."C",
    id text DEFAULT app.new_id('user'::text) NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL,
    full_name text NOT NULL,
    role text DEFAULT 'VIEWER'::text NOT NULL,
    status text DEFAULT 'ACTIVE'::text NOT NULL,
    password_hash text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_email_form CHECK (((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text) AND (char_length(email) <= 254))),
    CONSTRAINT user_id_form CHECK ((id ~ '^[A-Za-z0-9._-]{1,64}$'::text)),
    CONSTRAINT user_name_length CHECK (((char_length(full_name) >= 1) AND (char_length(full_name) <= 200))),
    CONSTRAINT user_role_known CHECK ((role = ANY (ARRAY['VIEWER'::text, 'EDITOR'::text, 'ADMIN'::text]))),
    CONSTRAINT user_status_known CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'INACTIVE'::text])))
);
ALTER TABLE ONLY zixly.users ALTER COLUMN email SET STATISTICS 0;
ALTER TABLE ONLY zixly.users ALTER COLUMN full_name SET STATISTICS 0;
ALTER TABLE ONLY zixly.users ALTER COLUMN password_hash SET STATISTICS 0;

ALTER TABLE ONLY zixly.users FORCE ROW LEVEL SECURITY;


ALTER TABLE zixly.users OWNER TO zixly_owner;

INSERT INTO app_private.pending_factors (tenant_id, user_id, secret) VALUES ('zixly-org-001', 'user_cole', 'DUMMY');


INSERT INTO app_private.replayed (only_row, fingerprint) VALUES (true, '1ca9b0f2c78d453c5189425db6c79e7a2d7f74515591f83134896ffbd206f047');


INSERT INTO app_private.revision (version_num) VALUES ('0004_profitability');


INSERT INTO app_private.set_up_links (token_hash, created_at, expires_at) VALUES ('\x0505050505050505050505050505050505050505050505050505050505050505', '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO app_private.sign_in_failures (id, email, address, at) OVERRIDING SYSTEM VALUE VALUES (1, 'cole@zixly.com.au', '192.0.2.1', '2026-01-01 09:00:00+00');


INSERT INTO app_private.sign_in_tickets (ticket_hash, tenant_id, user_id, expires_at) VALUES ('\x0404040404040404040404040404040404040404040404040404040404040404', 'zixly-org-001', 'user_cole', '2026-01-01 09:00:00+00');


INSERT INTO app_private.signing_key (only_row, inner_pad, outer_pad) VALUES (true, '\x36363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636', '\x5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c');


INSERT INTO zixly.audit_log (tenant_id, id, at, user_id, action, table_name, row_id, before, after, user_email, address, client_kpi_id, import_id) VALUES ('zixly-org-001', 'aud_1', '2026-01-01 09:00:00+00', 'user_support', 'INSERT', 'financials', 'fin_2', NULL, '{"id": "fin_2", "note": "Second stage", "profit": 7000.20, "revenue": 15000.20, "version": 1, "expenses": 8000.00, "tenant_id": "zixly-org-001", "created_at": "2026-01-01T09:00:00+00:00", "updated_at": "2026-01-01T09:00:00+00:00", "external_id": "INV-2", "record_date": "2024-02-29", "client_kpi_id": "ckpi_harbor", "source_system": "csv"}', 'support@zixly.com.au', '192.0.2.1', 'ckpi_harbor', 'imp_1');


INSERT INTO zixly.client_kpis (tenant_id, id, client_id, client_name, industry, currency, status, version, created_at, updated_at) VALUES ('zixly-org-001', 'ckpi_harbor', 'HBC-2024-001', 'Harbor Bridge Construction', 'Construction', 'AUD', 'ACTIVE', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.client_kpis (tenant_id, id, client_id, client_name, industry, currency, status, version, created_at, updated_at) VALUES ('zixly-org-001', 'ckpi_otago', 'OTG-2024-002', 'Otago Wines', NULL, 'NZD', 'COMPLETED', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.client_kpis (tenant_id, id, client_id, client_name, industry, currency, status, version, created_at, updated_at) VALUES ('abc-org-001', 'ckpi_abc', 'HBC-2024-001', 'Harbor Bridge Renovation', NULL, 'NZD', 'ACTIVE', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.closed_months (tenant_id, id, month, closed_by, closed_by_name, created_at, updated_at) VALUES ('zixly-org-001', 'clo_1', '2024-01-01', 'user_cole', 'Cole', '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.custom_metrics (tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date, source_system, external_id, note, version, created_at, updated_at) VALUES ('zixly-org-001', 'met_1', 'ckpi_harbor', 'Billable Hours', 100.2500, 'hours', '2024-01-31', 'manual', NULL, NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.custom_metrics (tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date, source_system, external_id, note, version, created_at, updated_at) VALUES ('zixly-org-001', 'met_2', 'ckpi_harbor', 'Satisfaction', 4.7501, 'stars', '2024-02-29', 'manual', NULL, 'By telephone', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.custom_metrics (tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date, source_system, external_id, note, version, created_at, updated_at) VALUES ('abc-org-001', 'met_1', 'ckpi_abc', 'Milestones Completed', 7.0000, 'milestones', '2024-02-01', 'manual', NULL, NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.date_notes (tenant_id, id, day, client_kpi_id, words, written_by_name, version, created_at, updated_at) VALUES ('zixly-org-001', 'note_1', '2024-02-03', NULL, 'Prices went up', 'Support', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.date_notes (tenant_id, id, day, client_kpi_id, words, written_by_name, version, created_at, updated_at) VALUES ('zixly-org-001', 'note_2', '2024-02-04', 'ckpi_harbor', 'New site', 'Support', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.exchange_rates (tenant_id, id, month, currency, into_currency, rate, source_system, version, created_at, updated_at) VALUES ('zixly-org-001', 'rate_1', '2024-03-01', 'NZD', 'AUD', 0.91320001, 'manual', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.financial_months (tenant_id, id, client_kpi_id, month, revenue, expenses, records, updated_at) VALUES ('abc-org-001', 'fmo_ckpi_abc_2024_02', 'ckpi_abc', '2024-02-01', 777000.77, 700.07, 1, '2026-01-01 09:00:00+00');
INSERT INTO zixly.financial_months (tenant_id, id, client_kpi_id, month, revenue, expenses, records, updated_at) VALUES ('zixly-org-001', 'fmo_ckpi_harbor_2024_01', 'ckpi_harbor', '2024-01-01', 15000.10, 8000.05, 1, '2026-01-01 09:00:00+00');
INSERT INTO zixly.financial_months (tenant_id, id, client_kpi_id, month, revenue, expenses, records, updated_at) VALUES ('zixly-org-001', 'fmo_ckpi_harbor_2024_02', 'ckpi_harbor', '2024-02-01', 14999.90, 8000.00, 2, '2026-01-01 09:00:00+00');
INSERT INTO zixly.financial_months (tenant_id, id, client_kpi_id, month, revenue, expenses, records, updated_at) VALUES ('zixly-org-001', 'fmo_ckpi_otago_2024_03', 'ckpi_otago', '2024-03-01', 999999999999.99, 0.01, 1, '2026-01-01 09:00:00+00');


INSERT INTO zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses, source_system, external_id, note, version, created_at, updated_at) VALUES ('zixly-org-001', 'fin_1', 'ckpi_harbor', '2024-01-31', 15000.10, 8000.05, 'manual', NULL, NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses, source_system, external_id, note, version, created_at, updated_at) VALUES ('zixly-org-001', 'fin_2', 'ckpi_harbor', '2024-02-29', 15000.20, 8000.00, 'csv', 'INV-2', 'Second stage', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses, source_system, external_id, note, version, created_at, updated_at) VALUES ('zixly-org-001', 'fin_3', 'ckpi_harbor', '2024-02-01', -0.30, 0.00, 'manual', NULL, 'Credit note', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses, source_system, external_id, note, version, created_at, updated_at) VALUES ('zixly-org-001', 'fin_4', 'ckpi_otago', '2024-03-15', 999999999999.99, 0.01, 'manual', NULL, NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses, source_system, external_id, note, version, created_at, updated_at) VALUES ('abc-org-001', 'fin_1', 'ckpi_abc', '2024-02-01', 777000.77, 700.07, 'manual', NULL, NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.finding_dismissals (tenant_id, id, kind, client_kpi_id, subject, reason, dismissed_by, dismissed_by_name, created_at, updated_at) VALUES ('zixly-org-001', 'dis_1', 'LOSS', 'ckpi_harbor', '2024-02', 'Agreed with the client', 'user_support', 'Support', '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.import_mappings (tenant_id, id, kind, header, mapping, created_at, updated_at) VALUES ('zixly-org-001', 'map_1', 'FINANCIALS', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '{}', '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.imports (tenant_id, id, kind, file_name, checksum, added, changed, unchanged, rejected, left_out, sums, imported_by, imported_by_name, transaction_id, undone_at, undone_by_name, created_at, updated_at) VALUES ('zixly-org-001', 'imp_1', 'FINANCIALS', 'march.csv', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, 0, 0, 1, 0, '[{"revenue": "15000.20", "currency": "AUD", "expenses": "8000.00"}]', 'user_support', 'Support', '700', NULL, NULL, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.integrations (tenant_id, id, kind, status, credentials, last_synced_at, version, created_at, updated_at) VALUES ('zixly-org-001', 'int_xero', 'XERO', 'DISCONNECTED', '\x00', NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.invitations (tenant_id, id, email, role, token_hash, invited_by, expires_at, accepted_at, withdrawn_at, created_at, updated_at) VALUES ('abc-org-001', 'inv_mike', 'mike@abcconstruction.com.au', 'VIEWER', '\x0303030303030303030303030303030303030303030303030303030303030303', 'user_sarah', '2026-01-01 09:00:00+00', NULL, NULL, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.lead_events (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value, source_system, external_id, note, version, created_at, updated_at) VALUES ('zixly-org-001', 'lev_1', 'ckpi_harbor', 'lead-1', 'Inquiry', 'OPEN', '2023-11-05', 5000.50, 'manual', NULL, NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.lead_events (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value, source_system, external_id, note, version, created_at, updated_at) VALUES ('zixly-org-001', 'lev_2', 'ckpi_harbor', 'lead-1', 'Contract signed', 'WON', '2023-12-01', 45000.00, 'manual', NULL, NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.lead_events (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value, source_system, external_id, note, version, created_at, updated_at) VALUES ('abc-org-001', 'lev_1', 'ckpi_abc', 'lead-1', 'Inquiry', 'OPEN', '2024-01-05', NULL, 'manual', NULL, NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.lead_stages (tenant_id, id, stage, "position", status, version, created_at, updated_at) VALUES ('zixly-org-001', 'stage_1', 'Inquiry', 1, 'OPEN', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.lead_stages (tenant_id, id, stage, "position", status, version, created_at, updated_at) VALUES ('zixly-org-001', 'stage_2', 'Contract signed', 2, 'WON', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.lead_stages (tenant_id, id, stage, "position", status, version, created_at, updated_at) VALUES ('abc-org-001', 'stage_1', 'Inquiry', 1, 'OPEN', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.metric_definitions (tenant_id, id, metric_name, unit, kind, direction, target, out_of, version, created_at, updated_at) VALUES ('zixly-org-001', 'mdef_1', 'Billable Hours', 'hours', 'DURATION', 'UP', 120.0000, NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.metric_definitions (tenant_id, id, metric_name, unit, kind, direction, target, out_of, version, created_at, updated_at) VALUES ('zixly-org-001', 'mdef_2', 'Satisfaction', 'stars', 'RATING', 'UP', 4.5000, 5.0000, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.metric_definitions (tenant_id, id, metric_name, unit, kind, direction, target, out_of, version, created_at, updated_at) VALUES ('abc-org-001', 'mdef_1', 'Milestones Completed', 'milestones', 'COUNT', 'UP', NULL, NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.password_resets (tenant_id, id, user_id, token_hash, expires_at, used_at, created_at, updated_at) VALUES ('zixly-org-001', 'pwr_vera', 'user_vera', '\x0101010101010101010101010101010101010101010101010101010101010101', '2026-01-01 09:00:00+00', NULL, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.saved_views (tenant_id, id, user_id, page, name, filters, is_default, version, created_at, updated_at) VALUES ('zixly-org-001', 'view_1', 'user_cole', 'financials', 'First quarter', 'period=2024-Q1', true, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.second_factors (tenant_id, id, user_id, secret, last_step, recovery_hashes, confirmed_at, created_at, updated_at) VALUES ('abc-org-001', '2fa_sarah', 'user_sarah', 'DUMMY', 1, '{"\\x0202020202020202020202020202020202020202020202020202020202020202"}', '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


INSERT INTO zixly.sessions (tenant_id, id, user_id, secret_hash, kind, address, user_agent, created_at, last_seen_at, idle_limit, expires_at, revoked_at, updated_at) VALUES ('zixly-org-001', 'ses_cole', 'user_cole', '\x0000000000000000000000000000000000000000000000000000000000000000', 'BROWSER', '192.0.2.1', 'Firefox', '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00', '12:00:00', '2026-01-01 09:00:00+00', NULL, '2026-01-01 09:00:00+00');


INSERT INTO zixly.tenants (id, name, industry, time_zone, reporting_currency, financial_year_start_month, version, created_at, updated_at, second_factor_required) VALUES ('zixly-org-001', 'Zixly', 'Consulting', 'Australia/Brisbane', 'AUD', 7, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00', false);
INSERT INTO zixly.tenants (id, name, industry, time_zone, reporting_currency, financial_year_start_month, version, created_at, updated_at, second_factor_required) VALUES ('abc-org-001', 'ABC Construction', NULL, 'Australia/Brisbane', 'NZD', 7, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00', true);


INSERT INTO zixly.users (tenant_id, id, email, full_name, role, status, password_hash, version, created_at, updated_at) VALUES ('zixly-org-001', 'user_cole', 'cole@zixly.com.au', 'Cole', 'ADMIN', 'ACTIVE', '$2b$12$dummy', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.users (tenant_id, id, email, full_name, role, status, password_hash, version, created_at, updated_at) VALUES ('zixly-org-001', 'user_support', 'support@zixly.com.au', 'Support', 'EDITOR', 'ACTIVE', '$2b$12$dummy', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.users (tenant_id, id, email, full_name, role, status, password_hash, version, created_at, updated_at) VALUES ('zixly-org-001', 'user_vera', 'vera@zixly.com.au', 'Vera', 'VIEWER', 'INACTIVE', NULL, 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');
INSERT INTO zixly.users (tenant_id, id, email, full_name, role, status, password_hash, version, created_at, updated_at) VALUES ('abc-org-001', 'user_sarah', 'sarah@abcconstruction.com.au', 'Sarah', 'ADMIN', 'ACTIVE', '$2b$12$dummy', 1, '2026-01-01 09:00:00+00', '2026-01-01 09:00:00+00');


SELECT pg_catalog.setval('app_private.sign_in_failures_id_seq', 1, true);


ALTER TABLE ONLY app_private.pending_factors
    ADD CONSTRAINT pending_factors_pkey PRIMARY KEY (tenant_id, user_id);


ALTER TABLE ONLY app_private.replayed
    ADD CONSTRAINT replayed_pkey PRIMARY KEY (only_row);


ALTER TABLE ONLY app_private.revision
    ADD CONSTRAINT revision_pkc PRIMARY KEY (version_num);


ALTER TABLE ONLY app_private.set_up_links
    ADD CONSTRAINT set_up_links_pkey PRIMARY KEY (token_hash);


ALTER TABLE ONLY app_private.sign_in_failures
    ADD CONSTRAINT sign_in_failures_pkey PRIMARY KEY (id);


ALTER TABLE ONLY app_private.sign_in_tickets
    ADD CONSTRAINT sign_in_tickets_pkey PRIMARY KEY (ticket_hash);


ALTER TABLE ONLY app_private.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (only_row);


ALTER TABLE ONLY zixly.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.client_kpis
    ADD CONSTRAINT client_external_id_unique UNIQUE (tenant_id, client_id);


ALTER TABLE ONLY zixly.client_kpis
    ADD CONSTRAINT client_kpis_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.closed_months
    ADD CONSTRAINT closed_month_unique UNIQUE (tenant_id, month);


ALTER TABLE ONLY zixly.closed_months
    ADD CONSTRAINT closed_months_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.custom_metrics
    ADD CONSTRAINT custom_metric_source_unique UNIQUE (tenant_id, source_system, external_id);


ALTER TABLE ONLY zixly.custom_metrics
    ADD CONSTRAINT custom_metrics_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.date_notes
    ADD CONSTRAINT date_notes_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.exchange_rates
    ADD CONSTRAINT exchange_rate_unique UNIQUE (tenant_id, month, currency, into_currency);


ALTER TABLE ONLY zixly.exchange_rates
    ADD CONSTRAINT exchange_rates_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.financial_months
    ADD CONSTRAINT financial_month_unique UNIQUE (tenant_id, client_kpi_id, month);


ALTER TABLE ONLY zixly.financial_months
    ADD CONSTRAINT financial_months_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.financials
    ADD CONSTRAINT financial_source_unique UNIQUE (tenant_id, source_system, external_id);


ALTER TABLE ONLY zixly.financials
    ADD CONSTRAINT financials_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.finding_dismissals
    ADD CONSTRAINT finding_dismissal_unique UNIQUE (tenant_id, client_kpi_id, kind, subject);


ALTER TABLE ONLY zixly.finding_dismissals
    ADD CONSTRAINT finding_dismissals_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.import_mappings
    ADD CONSTRAINT import_mapping_unique UNIQUE (tenant_id, kind, header);


ALTER TABLE ONLY zixly.import_mappings
    ADD CONSTRAINT import_mappings_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.integrations
    ADD CONSTRAINT integration_unique UNIQUE (tenant_id, kind);


ALTER TABLE ONLY zixly.integrations
    ADD CONSTRAINT integrations_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.invitations
    ADD CONSTRAINT invitation_token_unique UNIQUE (tenant_id, token_hash);


ALTER TABLE ONLY zixly.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.lead_events
    ADD CONSTRAINT lead_event_source_unique UNIQUE (tenant_id, source_system, external_id);


ALTER TABLE ONLY zixly.lead_events
    ADD CONSTRAINT lead_events_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.lead_stages
    ADD CONSTRAINT lead_stage_status_unique UNIQUE (tenant_id, stage, status);


ALTER TABLE ONLY zixly.lead_stages
    ADD CONSTRAINT lead_stage_unique UNIQUE (tenant_id, stage);


ALTER TABLE ONLY zixly.lead_stages
    ADD CONSTRAINT lead_stages_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.metric_definitions
    ADD CONSTRAINT metric_definition_unique UNIQUE (tenant_id, metric_name);


ALTER TABLE ONLY zixly.metric_definitions
    ADD CONSTRAINT metric_definition_unit_unique UNIQUE (tenant_id, metric_name, unit);


ALTER TABLE ONLY zixly.metric_definitions
    ADD CONSTRAINT metric_definitions_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.password_resets
    ADD CONSTRAINT password_reset_token_unique UNIQUE (tenant_id, token_hash);


ALTER TABLE ONLY zixly.password_resets
    ADD CONSTRAINT password_resets_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.saved_views
    ADD CONSTRAINT saved_view_unique UNIQUE (tenant_id, user_id, page, name);


ALTER TABLE ONLY zixly.saved_views
    ADD CONSTRAINT saved_views_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.second_factors
    ADD CONSTRAINT second_factor_unique UNIQUE (tenant_id, user_id);


ALTER TABLE ONLY zixly.second_factors
    ADD CONSTRAINT second_factors_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (tenant_id, id);


ALTER TABLE ONLY zixly.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);


ALTER TABLE ONLY zixly.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id);


CREATE INDEX sign_in_failures_by_address ON app_private.sign_in_failures USING btree (address, at);


CREATE INDEX sign_in_failures_by_email ON app_private.sign_in_failures USING btree (email, at);


CREATE INDEX audit_log_by_client ON zixly.audit_log USING btree (tenant_id, client_kpi_id, at);


CREATE INDEX audit_log_by_import ON zixly.audit_log USING btree (tenant_id, import_id) WHERE (import_id IS NOT NULL);


CREATE INDEX audit_log_by_time ON zixly.audit_log USING btree (tenant_id, at);


CREATE INDEX audit_log_of_row ON zixly.audit_log USING btree (tenant_id, table_name, row_id);


CREATE INDEX custom_metrics_by_client ON zixly.custom_metrics USING btree (tenant_id, client_kpi_id, metric_name, record_date);


CREATE INDEX custom_metrics_by_date ON zixly.custom_metrics USING btree (tenant_id, record_date);


CREATE INDEX date_notes_by_day ON zixly.date_notes USING btree (tenant_id, day);


CREATE INDEX financial_months_by_month ON zixly.financial_months USING btree (tenant_id, month) INCLUDE (client_kpi_id, revenue, expenses, records);


CREATE INDEX financials_by_client ON zixly.financials USING btree (tenant_id, client_kpi_id, record_date);


CREATE INDEX financials_by_date ON zixly.financials USING btree (tenant_id, record_date) INCLUDE (client_kpi_id, revenue, expenses);


CREATE INDEX imports_by_time ON zixly.imports USING btree (tenant_id, created_at);


CREATE INDEX imports_by_transaction ON zixly.imports USING btree (tenant_id, transaction_id);


CREATE UNIQUE INDEX invitation_open_unique ON zixly.invitations USING btree (tenant_id, lower(email)) WHERE ((accepted_at IS NULL) AND (withdrawn_at IS NULL));


CREATE INDEX lead_events_by_client ON zixly.lead_events USING btree (tenant_id, client_kpi_id, lead_id, event_date);


CREATE INDEX lead_events_by_date ON zixly.lead_events USING btree (tenant_id, event_date);


CREATE UNIQUE INDEX saved_view_default_unique ON zixly.saved_views USING btree (tenant_id, user_id, page) WHERE is_default;


CREATE UNIQUE INDEX session_secret_unique ON zixly.sessions USING btree (secret_hash);


CREATE INDEX sessions_of_user ON zixly.sessions USING btree (tenant_id, user_id);


CREATE UNIQUE INDEX user_email_unique ON zixly.users USING btree (lower(email));


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.client_kpis FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.custom_metrics FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.date_notes FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.exchange_rates FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.financials FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.integrations FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.lead_events FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.lead_stages FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.metric_definitions FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.saved_views FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.tenants FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_count_version BEFORE UPDATE ON zixly.users FOR EACH ROW EXECUTE FUNCTION app_private.count_version();


CREATE TRIGGER a_keep_trail BEFORE DELETE OR UPDATE ON zixly.audit_log FOR EACH ROW EXECUTE FUNCTION app_private.keep_trail();


CREATE TRIGGER a_note_undoing BEFORE UPDATE ON zixly.imports FOR EACH ROW EXECUTE FUNCTION app_private.note_undoing();


CREATE TRIGGER a_wait_for_writers BEFORE INSERT ON zixly.closed_months FOR EACH ROW EXECUTE FUNCTION app_private.wait_for_writers();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.audit_log FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.client_kpis FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.closed_months FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.custom_metrics FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.date_notes FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.exchange_rates FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.financial_months FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.financials FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.finding_dismissals FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.import_mappings FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.imports FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.integrations FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.invitations FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.lead_events FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.lead_stages FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.metric_definitions FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.password_resets FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.saved_views FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.second_factors FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.sessions FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER b_keep_tenant BEFORE UPDATE ON zixly.users FOR EACH ROW WHEN ((new.tenant_id IS DISTINCT FROM old.tenant_id)) EXECUTE FUNCTION app_private.keep_tenant();


CREATE TRIGGER c_audit AFTER INSERT OR UPDATE ON zixly.tenants FOR EACH ROW EXECUTE FUNCTION app_private.audit_tenant();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.client_kpis REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.closed_months REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.custom_metrics REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.date_notes REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.exchange_rates REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.financials REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.finding_dismissals REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.import_mappings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.imports REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.integrations REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.invitations REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.lead_events REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.lead_stages REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.metric_definitions REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_delete AFTER DELETE ON zixly.users REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.client_kpis REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.closed_months REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.custom_metrics REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.date_notes REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.exchange_rates REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.financials REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.finding_dismissals REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.import_mappings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.imports REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.integrations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.invitations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.lead_events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.lead_stages REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.metric_definitions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_insert AFTER INSERT ON zixly.users REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.client_kpis REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.closed_months REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.custom_metrics REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.date_notes REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.exchange_rates REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.financials REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.finding_dismissals REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.import_mappings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.imports REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.integrations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.invitations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.lead_events REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.lead_stages REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.metric_definitions REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_audit_update AFTER UPDATE ON zixly.users REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.audit();


CREATE TRIGGER c_note_reset_link AFTER INSERT ON zixly.password_resets FOR EACH ROW EXECUTE FUNCTION app_private.note_reset_link();


CREATE TRIGGER d_keep_an_admin AFTER DELETE OR UPDATE OF role, status ON zixly.users FOR EACH ROW EXECUTE FUNCTION app_private.keep_an_admin();


CREATE TRIGGER d_keep_closed_currency AFTER UPDATE OF currency ON zixly.client_kpis FOR EACH ROW WHEN ((new.currency IS DISTINCT FROM old.currency)) EXECUTE FUNCTION app_private.keep_closed_currency();


CREATE TRIGGER d_keep_closed_delete AFTER DELETE ON zixly.custom_metrics REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('record_date');


CREATE TRIGGER d_keep_closed_delete AFTER DELETE ON zixly.exchange_rates REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('month');


CREATE TRIGGER d_keep_closed_delete AFTER DELETE ON zixly.financials REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('record_date');


CREATE TRIGGER d_keep_closed_delete AFTER DELETE ON zixly.lead_events REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('event_date');


CREATE TRIGGER d_keep_closed_insert AFTER INSERT ON zixly.custom_metrics REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('record_date');


CREATE TRIGGER d_keep_closed_insert AFTER INSERT ON zixly.exchange_rates REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('month');


CREATE TRIGGER d_keep_closed_insert AFTER INSERT ON zixly.financials REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('record_date');


CREATE TRIGGER d_keep_closed_insert AFTER INSERT ON zixly.lead_events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('event_date');


CREATE TRIGGER d_keep_closed_update AFTER UPDATE ON zixly.custom_metrics REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('record_date');


CREATE TRIGGER d_keep_closed_update AFTER UPDATE ON zixly.exchange_rates REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('month');


CREATE TRIGGER d_keep_closed_update AFTER UPDATE ON zixly.financials REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('record_date');


CREATE TRIGGER d_keep_closed_update AFTER UPDATE ON zixly.lead_events REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.keep_closed('event_date');


CREATE TRIGGER d_take_trail_along AFTER DELETE ON zixly.tenants FOR EACH ROW EXECUTE FUNCTION app_private.take_trail_along();


CREATE TRIGGER e_end_sessions AFTER UPDATE OF status ON zixly.users FOR EACH ROW WHEN ((new.status = 'INACTIVE'::text)) EXECUTE FUNCTION app_private.end_sessions();


CREATE TRIGGER e_sum_months_delete AFTER DELETE ON zixly.financials REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.sum_months();


CREATE TRIGGER e_sum_months_insert AFTER INSERT ON zixly.financials REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.sum_months();


CREATE TRIGGER e_sum_months_update AFTER UPDATE ON zixly.financials REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION app_private.sum_months();


ALTER TABLE ONLY app_private.pending_factors
    ADD CONSTRAINT pending_factors_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES zixly.users(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.client_kpis
    ADD CONSTRAINT client_kpis_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.closed_months
    ADD CONSTRAINT closed_months_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.custom_metrics
    ADD CONSTRAINT custom_metric_client FOREIGN KEY (tenant_id, client_kpi_id) REFERENCES zixly.client_kpis(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.custom_metrics
    ADD CONSTRAINT custom_metric_definition FOREIGN KEY (tenant_id, metric_name, unit) REFERENCES zixly.metric_definitions(tenant_id, metric_name, unit) ON UPDATE CASCADE;


ALTER TABLE ONLY zixly.date_notes
    ADD CONSTRAINT date_note_client FOREIGN KEY (tenant_id, client_kpi_id) REFERENCES zixly.client_kpis(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.date_notes
    ADD CONSTRAINT date_notes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.exchange_rates
    ADD CONSTRAINT exchange_rates_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.financials
    ADD CONSTRAINT financial_client FOREIGN KEY (tenant_id, client_kpi_id) REFERENCES zixly.client_kpis(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.financial_months
    ADD CONSTRAINT financial_months_tenant_id_client_kpi_id_fkey FOREIGN KEY (tenant_id, client_kpi_id) REFERENCES zixly.client_kpis(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.finding_dismissals
    ADD CONSTRAINT finding_dismissal_client FOREIGN KEY (tenant_id, client_kpi_id) REFERENCES zixly.client_kpis(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.import_mappings
    ADD CONSTRAINT import_mappings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.imports
    ADD CONSTRAINT imports_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.integrations
    ADD CONSTRAINT integrations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.invitations
    ADD CONSTRAINT invitations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.lead_events
    ADD CONSTRAINT lead_event_client FOREIGN KEY (tenant_id, client_kpi_id) REFERENCES zixly.client_kpis(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.lead_events
    ADD CONSTRAINT lead_event_stage FOREIGN KEY (tenant_id, stage, status) REFERENCES zixly.lead_stages(tenant_id, stage, status) ON UPDATE CASCADE;


ALTER TABLE ONLY zixly.lead_stages
    ADD CONSTRAINT lead_stages_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.metric_definitions
    ADD CONSTRAINT metric_definitions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.password_resets
    ADD CONSTRAINT password_resets_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES zixly.users(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.saved_views
    ADD CONSTRAINT saved_view_user FOREIGN KEY (tenant_id, user_id) REFERENCES zixly.users(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.second_factors
    ADD CONSTRAINT second_factors_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES zixly.users(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.sessions
    ADD CONSTRAINT sessions_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES zixly.users(tenant_id, id) ON DELETE CASCADE;


ALTER TABLE ONLY zixly.users
    ADD CONSTRAINT users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES zixly.tenants(id) ON DELETE CASCADE;


ALTER TABLE zixly.audit_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.client_kpis ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.closed_months ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.custom_metrics ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.date_notes ENABLE ROW LEVEL SECURITY;

CREATE POLICY "delete by admin" ON zixly.closed_months FOR DELETE TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "delete by admin" ON zixly.lead_stages FOR DELETE TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "delete by admin" ON zixly.users FOR DELETE TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "delete by editor, admin" ON zixly.client_kpis FOR DELETE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "delete by editor, admin" ON zixly.custom_metrics FOR DELETE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "delete by editor, admin" ON zixly.date_notes FOR DELETE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "delete by editor, admin" ON zixly.exchange_rates FOR DELETE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "delete by editor, admin" ON zixly.financials FOR DELETE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "delete by editor, admin" ON zixly.finding_dismissals FOR DELETE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "delete by editor, admin" ON zixly.lead_events FOR DELETE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "delete by editor, admin" ON zixly.metric_definitions FOR DELETE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "delete by viewer, editor, admin" ON zixly.saved_views FOR DELETE TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


ALTER TABLE zixly.exchange_rates ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.financial_months ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.financials ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.finding_dismissals ENABLE ROW LEVEL SECURITY;

CREATE POLICY "gatekeeper: delete" ON zixly.audit_log FOR DELETE TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: delete" ON zixly.second_factors FOR DELETE TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: insert" ON zixly.audit_log FOR INSERT TO zixly_gatekeeper WITH CHECK (true);


CREATE POLICY "gatekeeper: insert" ON zixly.financial_months FOR INSERT TO zixly_gatekeeper WITH CHECK (true);


CREATE POLICY "gatekeeper: insert" ON zixly.lead_stages FOR INSERT TO zixly_gatekeeper WITH CHECK (true);


CREATE POLICY "gatekeeper: insert" ON zixly.password_resets FOR INSERT TO zixly_gatekeeper WITH CHECK (true);


CREATE POLICY "gatekeeper: insert" ON zixly.second_factors FOR INSERT TO zixly_gatekeeper WITH CHECK (true);


CREATE POLICY "gatekeeper: insert" ON zixly.sessions FOR INSERT TO zixly_gatekeeper WITH CHECK (true);


CREATE POLICY "gatekeeper: insert" ON zixly.tenants FOR INSERT TO zixly_gatekeeper WITH CHECK (true);


CREATE POLICY "gatekeeper: insert" ON zixly.users FOR INSERT TO zixly_gatekeeper WITH CHECK (true);


CREATE POLICY "gatekeeper: select" ON zixly.audit_log FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.client_kpis FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.closed_months FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.financial_months FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.financials FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.imports FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.invitations FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.lead_events FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.lead_stages FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.password_resets FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.second_factors FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.sessions FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.tenants FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: select" ON zixly.users FOR SELECT TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: update" ON zixly.financial_months FOR UPDATE TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: update" ON zixly.invitations FOR UPDATE TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: update" ON zixly.password_resets FOR UPDATE TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: update" ON zixly.second_factors FOR UPDATE TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: update" ON zixly.sessions FOR UPDATE TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: update" ON zixly.tenants FOR UPDATE TO zixly_gatekeeper USING (true);


CREATE POLICY "gatekeeper: update" ON zixly.users FOR UPDATE TO zixly_gatekeeper USING (true);


ALTER TABLE zixly.import_mappings ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.imports ENABLE ROW LEVEL SECURITY;

CREATE POLICY "insert by admin" ON zixly.closed_months FOR INSERT TO zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "insert by admin" ON zixly.invitations FOR INSERT TO zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "insert by admin" ON zixly.lead_stages FOR INSERT TO zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "insert by admin" ON zixly.password_resets FOR INSERT TO zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "insert by editor, admin" ON zixly.client_kpis FOR INSERT TO zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "insert by editor, admin" ON zixly.custom_metrics FOR INSERT TO zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "insert by editor, admin" ON zixly.date_notes FOR INSERT TO zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "insert by editor, admin" ON zixly.exchange_rates FOR INSERT TO zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "insert by editor, admin" ON zixly.financials FOR INSERT TO zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "insert by editor, admin" ON zixly.finding_dismissals FOR INSERT TO zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "insert by editor, admin" ON zixly.import_mappings FOR INSERT TO zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "insert by editor, admin" ON zixly.imports FOR INSERT TO zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "insert by editor, admin" ON zixly.lead_events FOR INSERT TO zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "insert by editor, admin" ON zixly.metric_definitions FOR INSERT TO zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "insert by viewer, editor, admin" ON zixly.saved_views FOR INSERT TO zixly_viewer, zixly_editor, zixly_admin WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


ALTER TABLE zixly.integrations ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.invitations ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.lead_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.lead_stages ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.metric_definitions ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.password_resets ENABLE ROW LEVEL SECURITY;

CREATE POLICY "rows are their person's own" ON zixly.saved_views AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((user_id = ( SELECT app.user_id() AS user_id))) WITH CHECK ((user_id = ( SELECT app.user_id() AS user_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.audit_log AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.client_kpis AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.closed_months AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.custom_metrics AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.date_notes AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.exchange_rates AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.financial_months AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.financials AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.finding_dismissals AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.import_mappings AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.imports AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.integrations AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.invitations AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.lead_events AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.lead_stages AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.metric_definitions AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.password_resets AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.saved_views AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.second_factors AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.sessions AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.tenants AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((id = ( SELECT app.tenant_id() AS tenant_id)));


CREATE POLICY "rows stay within their tenant" ON zixly.users AS RESTRICTIVE TO zixly_viewer, zixly_editor, zixly_admin USING ((tenant_id = ( SELECT app.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT app.tenant_id() AS tenant_id)));


ALTER TABLE zixly.saved_views ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.second_factors ENABLE ROW LEVEL SECURITY;

CREATE POLICY "select by admin" ON zixly.audit_log FOR SELECT TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "select by admin" ON zixly.integrations FOR SELECT TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "select by admin" ON zixly.invitations FOR SELECT TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "select by admin" ON zixly.password_resets FOR SELECT TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "select by admin" ON zixly.second_factors FOR SELECT TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "select by admin" ON zixly.users FOR SELECT TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "select by editor, admin" ON zixly.import_mappings FOR SELECT TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by editor, admin" ON zixly.imports FOR SELECT TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.client_kpis FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.closed_months FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.custom_metrics FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.date_notes FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.exchange_rates FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.financial_months FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.financials FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.finding_dismissals FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.lead_events FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.lead_stages FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.metric_definitions FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.saved_views FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


CREATE POLICY "select by viewer, editor, admin" ON zixly.tenants FOR SELECT TO zixly_viewer, zixly_editor, zixly_admin USING (((id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


ALTER TABLE zixly.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE zixly.tenants ENABLE ROW LEVEL SECURITY;

CREATE POLICY "update by admin" ON zixly.invitations FOR UPDATE TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "update by admin" ON zixly.lead_stages FOR UPDATE TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "update by admin" ON zixly.tenants FOR UPDATE TO zixly_admin USING (((id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[])))) WITH CHECK (((id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "update by admin" ON zixly.users FOR UPDATE TO zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{ADMIN}'::text[]))));


CREATE POLICY "update by editor, admin" ON zixly.client_kpis FOR UPDATE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "update by editor, admin" ON zixly.custom_metrics FOR UPDATE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "update by editor, admin" ON zixly.date_notes FOR UPDATE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "update by editor, admin" ON zixly.exchange_rates FOR UPDATE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "update by editor, admin" ON zixly.financials FOR UPDATE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "update by editor, admin" ON zixly.import_mappings FOR UPDATE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "update by editor, admin" ON zixly.imports FOR UPDATE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "update by editor, admin" ON zixly.lead_events FOR UPDATE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "update by editor, admin" ON zixly.metric_definitions FOR UPDATE TO zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{EDITOR,ADMIN}'::text[]))));


CREATE POLICY "update by viewer, editor, admin" ON zixly.saved_views FOR UPDATE TO zixly_viewer, zixly_editor, zixly_admin USING (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[])))) WITH CHECK (((tenant_id = ( SELECT app.tenant_id() AS tenant_id)) AND (( SELECT app.role() AS role) = ANY ('{VIEWER,EDITOR,ADMIN}'::text[]))));


ALTER TABLE zixly.users ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA app TO zixly_app;
GRANT USAGE ON SCHEMA app TO zixly_viewer;
GRANT USAGE ON SCHEMA app TO zixly_editor;
GRANT USAGE ON SCHEMA app TO zixly_admin;
GRANT ALL ON SCHEMA app TO zixly_gatekeeper;


GRANT USAGE ON SCHEMA app_auth TO zixly_auth;
GRANT ALL ON SCHEMA app_auth TO zixly_gatekeeper;


GRANT USAGE ON SCHEMA app_operator TO zixly_operator;
GRANT ALL ON SCHEMA app_operator TO zixly_gatekeeper;


GRANT ALL ON SCHEMA app_private TO zixly_gatekeeper;


GRANT USAGE ON SCHEMA zixly TO zixly_gatekeeper;
GRANT USAGE ON SCHEMA zixly TO zixly_viewer;
GRANT USAGE ON SCHEMA zixly TO zixly_editor;
GRANT USAGE ON SCHEMA zixly TO zixly_admin;


REVOKE ALL ON FUNCTION app.end_my_session(which text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.end_my_session(which text) TO zixly_owner;
GRANT ALL ON FUNCTION app.end_my_session(which text) TO zixly_viewer;
GRANT ALL ON FUNCTION app.end_my_session(which text) TO zixly_editor;
GRANT ALL ON FUNCTION app.end_my_session(which text) TO zixly_admin;


REVOKE ALL ON FUNCTION app.end_session(secret text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.end_session(secret text) TO zixly_owner;
GRANT ALL ON FUNCTION app.end_session(secret text) TO zixly_app;


REVOKE ALL ON FUNCTION app.history_of(on_table text, of_row text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.history_of(on_table text, of_row text) TO zixly_owner;
GRANT ALL ON FUNCTION app.history_of(on_table text, of_row text) TO zixly_viewer;
GRANT ALL ON FUNCTION app.history_of(on_table text, of_row text) TO zixly_editor;
GRANT ALL ON FUNCTION app.history_of(on_table text, of_row text) TO zixly_admin;


REVOKE ALL ON FUNCTION app.my_name() FROM PUBLIC;
GRANT ALL ON FUNCTION app.my_name() TO zixly_owner;
GRANT ALL ON FUNCTION app.my_name() TO zixly_viewer;
GRANT ALL ON FUNCTION app.my_name() TO zixly_editor;
GRANT ALL ON FUNCTION app.my_name() TO zixly_admin;


REVOKE ALL ON FUNCTION app.my_sessions() FROM PUBLIC;
GRANT ALL ON FUNCTION app.my_sessions() TO zixly_owner;
GRANT ALL ON FUNCTION app.my_sessions() TO zixly_viewer;
GRANT ALL ON FUNCTION app.my_sessions() TO zixly_editor;
GRANT ALL ON FUNCTION app.my_sessions() TO zixly_admin;


REVOKE ALL ON FUNCTION app.new_id(prefix text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.new_id(prefix text) TO zixly_owner;
GRANT ALL ON FUNCTION app.new_id(prefix text) TO zixly_viewer;
GRANT ALL ON FUNCTION app.new_id(prefix text) TO zixly_editor;
GRANT ALL ON FUNCTION app.new_id(prefix text) TO zixly_admin;


REVOKE ALL ON FUNCTION app.note_export(what text, row_count bigint, filters jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.note_export(what text, row_count bigint, filters jsonb) TO zixly_owner;
GRANT ALL ON FUNCTION app.note_export(what text, row_count bigint, filters jsonb) TO zixly_viewer;
GRANT ALL ON FUNCTION app.note_export(what text, row_count bigint, filters jsonb) TO zixly_editor;
GRANT ALL ON FUNCTION app.note_export(what text, row_count bigint, filters jsonb) TO zixly_admin;


REVOKE ALL ON FUNCTION app.present(secret text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.present(secret text) TO zixly_owner;
GRANT ALL ON FUNCTION app.present(secret text) TO zixly_app;


REVOKE ALL ON FUNCTION app.remove_second_factor_of(colleague text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.remove_second_factor_of(colleague text) TO zixly_owner;
GRANT ALL ON FUNCTION app.remove_second_factor_of(colleague text) TO zixly_admin;


REVOKE ALL ON FUNCTION app.role() FROM PUBLIC;
GRANT ALL ON FUNCTION app.role() TO zixly_owner;
GRANT ALL ON FUNCTION app.role() TO zixly_viewer;
GRANT ALL ON FUNCTION app.role() TO zixly_editor;
GRANT ALL ON FUNCTION app.role() TO zixly_admin;


REVOKE ALL ON FUNCTION app.rows_of_import(of_import text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.rows_of_import(of_import text) TO zixly_owner;
GRANT ALL ON FUNCTION app.rows_of_import(of_import text) TO zixly_editor;
GRANT ALL ON FUNCTION app.rows_of_import(of_import text) TO zixly_admin;


REVOKE ALL ON FUNCTION app.tenant_id() FROM PUBLIC;
GRANT ALL ON FUNCTION app.tenant_id() TO zixly_owner;
GRANT ALL ON FUNCTION app.tenant_id() TO zixly_viewer;
GRANT ALL ON FUNCTION app.tenant_id() TO zixly_editor;
GRANT ALL ON FUNCTION app.tenant_id() TO zixly_admin;


REVOKE ALL ON FUNCTION app.touch(secret text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.touch(secret text) TO zixly_owner;
GRANT ALL ON FUNCTION app.touch(secret text) TO zixly_app;


REVOKE ALL ON FUNCTION app.user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION app.user_id() TO zixly_owner;
GRANT ALL ON FUNCTION app.user_id() TO zixly_viewer;
GRANT ALL ON FUNCTION app.user_id() TO zixly_editor;
GRANT ALL ON FUNCTION app.user_id() TO zixly_admin;


REVOKE ALL ON FUNCTION app_auth.accept_invitation(token text, new_name text, new_password_hash text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.accept_invitation(token text, new_name text, new_password_hash text, from_address text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.ask_reset(of_email text, token text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.ask_reset(of_email text, token text, from_address text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.begin_second_factor(session_secret text, new_secret text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.begin_second_factor(session_secret text, new_secret text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.change_password(session_secret text, new_password_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.change_password(session_secret text, new_password_hash text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.confirm_second_factor(session_secret text, step bigint, recovery_codes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.confirm_second_factor(session_secret text, step bigint, recovery_codes text[]) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.credentials(wanted_email text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.credentials(wanted_email text, from_address text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.invitation(token text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.invitation(token text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.issue_ticket(of_tenant text, of_user text, ticket text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.issue_ticket(of_tenant text, of_user text, ticket text, from_address text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.may_try_code(of_tenant text, of_user text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.may_try_code(of_tenant text, of_user text, from_address text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.pending_second_factor(session_secret text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.pending_second_factor(session_secret text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.record_failure(wanted_email text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.record_failure(wanted_email text, from_address text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.record_wrong_code(of_tenant text, of_user text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.record_wrong_code(of_tenant text, of_user text, from_address text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.redeem_ticket(ticket text, secret text, from_address text, agent text, idle_limit interval, life interval) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.redeem_ticket(ticket text, secret text, from_address text, agent text, idle_limit interval, life interval) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.remove_second_factor(session_secret text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.remove_second_factor(session_secret text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.reset_link(token text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.reset_link(token text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.reset_password(token text, new_password_hash text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.reset_password(token text, new_password_hash text, from_address text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.second_factor(of_tenant text, of_user text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.second_factor(of_tenant text, of_user text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.session_holder(session_secret text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.session_holder(session_secret text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.set_up(token text, tenant_name text, of_time_zone text, currency text, start_month integer, founder_email text, founder_name text, new_password_hash text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.set_up(token text, tenant_name text, of_time_zone text, currency text, start_month integer, founder_email text, founder_name text, new_password_hash text, from_address text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.set_up_link(token text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.set_up_link(token text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.use_recovery_code(of_tenant text, of_user text, code text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.use_recovery_code(of_tenant text, of_user text, code text, from_address text) TO zixly_auth;


REVOKE ALL ON FUNCTION app_auth.use_step(of_tenant text, of_user text, step bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION app_auth.use_step(of_tenant text, of_user text, step bigint) TO zixly_auth;


REVOKE ALL ON FUNCTION app_operator.add_user(of_tenant text, new_email text, new_name text, new_role text, new_password_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_operator.add_user(of_tenant text, new_email text, new_name text, new_role text, new_password_hash text) TO zixly_operator;


REVOKE ALL ON FUNCTION app_operator.create_tenant(new_id text, new_name text, new_industry text, new_time_zone text, new_currency text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_operator.create_tenant(new_id text, new_name text, new_industry text, new_time_zone text, new_currency text) TO zixly_operator;


REVOKE ALL ON FUNCTION app_operator.list_tenants() FROM PUBLIC;
GRANT ALL ON FUNCTION app_operator.list_tenants() TO zixly_operator;


REVOKE ALL ON FUNCTION app_operator.list_users() FROM PUBLIC;
GRANT ALL ON FUNCTION app_operator.list_users() TO zixly_operator;


REVOKE ALL ON FUNCTION app_operator.open_session(of_email text, secret text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_operator.open_session(of_email text, secret text) TO zixly_operator;


REVOKE ALL ON FUNCTION app_operator.open_set_up(token text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_operator.open_set_up(token text) TO zixly_operator;


REVOKE ALL ON FUNCTION app_operator.set_password(of_email text, new_password_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_operator.set_password(of_email text, new_password_hash text) TO zixly_operator;


REVOKE ALL ON FUNCTION app_private.audit() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.audit() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.audit_tenant() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.audit_tenant() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.claims() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.claims() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.closing(of_tenant text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.closing(of_tenant text) TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.count_version() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.count_version() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.end_sessions() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.end_sessions() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.holder(session_secret text, OUT tenant_id text, OUT user_id text, OUT session_id text, OUT address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.holder(session_secret text, OUT tenant_id text, OUT user_id text, OUT session_id text, OUT address text) TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.keep_an_admin() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.keep_an_admin() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.keep_closed() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.keep_closed() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.keep_closed_currency() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.keep_closed_currency() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.keep_tenant() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.keep_tenant() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.keep_trail() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.keep_trail() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.knows_address(of_tenant text, of_user text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.knows_address(of_tenant text, of_user text, from_address text) TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.lacks_second_factor(of_tenant text, of_user text, of_session text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.lacks_second_factor(of_tenant text, of_user text, of_session text) TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.live_session(secret text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.live_session(secret text) TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.make_signing_key() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.make_signing_key() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.note(of_tenant text, of_user text, from_address text, what text, on_table text, of_row text, details jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.note(of_tenant text, of_user text, from_address text, what text, on_table text, of_row text, details jsonb) TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.note_own(what text, on_table text, of_row text, details jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.note_own(what text, on_table text, of_row text, details jsonb) TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.note_reset_link() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.note_reset_link() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.note_undoing() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.note_undoing() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.open_session(of_tenant text, of_user text, secret text, of_kind text, from_address text, agent text, idle_limit interval, life interval) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.open_session(of_tenant text, of_user text, secret text, of_kind text, from_address text, agent text, idle_limit interval, life interval) TO zixly_owner;


REVOKE ALL ON PROCEDURE app_private.protect(IN of_table text, IN reads text, IN records text, IN changes text, IN removes text, IN read_columns text, IN record_columns text, IN change_columns text, IN tenant_column text, IN owner_column text) FROM PUBLIC;


REVOKE ALL ON FUNCTION app_private.set_password(of_tenant text, of_user text, new_password_hash text, kept_session text, from_address text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.set_password(of_tenant text, of_user text, new_password_hash text, kept_session text, from_address text) TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.signature(claims text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.signature(claims text) TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.sum_months() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.sum_months() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.take_trail_along() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.take_trail_along() TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.token_hash(token text) FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.token_hash(token text) TO zixly_owner;


REVOKE ALL ON FUNCTION app_private.wait_for_writers() FROM PUBLIC;
GRANT ALL ON FUNCTION app_private.wait_for_writers() TO zixly_owner;


REVOKE ALL ON FUNCTION zixly_guard.refuse_drop_owned() FROM PUBLIC;


GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app_private.pending_factors TO zixly_gatekeeper;


GRANT SELECT,INSERT,DELETE ON TABLE app_private.set_up_links TO zixly_gatekeeper;


GRANT SELECT,INSERT,DELETE ON TABLE app_private.sign_in_failures TO zixly_gatekeeper;


GRANT SELECT,INSERT,DELETE ON TABLE app_private.sign_in_tickets TO zixly_gatekeeper;


GRANT SELECT,INSERT ON TABLE app_private.signing_key TO zixly_gatekeeper;


GRANT SELECT ON TABLE zixly.audit_log TO zixly_admin;
GRANT SELECT,INSERT,DELETE ON TABLE zixly.audit_log TO zixly_gatekeeper;


GRANT SELECT ON TABLE zixly.client_kpis TO zixly_viewer;
GRANT SELECT,DELETE ON TABLE zixly.client_kpis TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.client_kpis TO zixly_admin;
GRANT SELECT ON TABLE zixly.client_kpis TO zixly_gatekeeper;


GRANT INSERT(id) ON TABLE zixly.client_kpis TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.client_kpis TO zixly_admin;


GRANT INSERT(client_id),UPDATE(client_id) ON TABLE zixly.client_kpis TO zixly_editor;
GRANT INSERT(client_id),UPDATE(client_id) ON TABLE zixly.client_kpis TO zixly_admin;


GRANT INSERT(client_name),UPDATE(client_name) ON TABLE zixly.client_kpis TO zixly_editor;
GRANT INSERT(client_name),UPDATE(client_name) ON TABLE zixly.client_kpis TO zixly_admin;


GRANT INSERT(industry),UPDATE(industry) ON TABLE zixly.client_kpis TO zixly_editor;
GRANT INSERT(industry),UPDATE(industry) ON TABLE zixly.client_kpis TO zixly_admin;


GRANT INSERT(currency),UPDATE(currency) ON TABLE zixly.client_kpis TO zixly_editor;
GRANT INSERT(currency),UPDATE(currency) ON TABLE zixly.client_kpis TO zixly_admin;


GRANT INSERT(status),UPDATE(status) ON TABLE zixly.client_kpis TO zixly_editor;
GRANT INSERT(status),UPDATE(status) ON TABLE zixly.client_kpis TO zixly_admin;


GRANT SELECT ON TABLE zixly.closed_months TO zixly_viewer;
GRANT SELECT ON TABLE zixly.closed_months TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.closed_months TO zixly_admin;
GRANT SELECT ON TABLE zixly.closed_months TO zixly_gatekeeper;


GRANT INSERT(id) ON TABLE zixly.closed_months TO zixly_admin;


GRANT INSERT(month) ON TABLE zixly.closed_months TO zixly_admin;


GRANT SELECT ON TABLE zixly.custom_metrics TO zixly_viewer;
GRANT SELECT,DELETE ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT INSERT(tenant_id) ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT INSERT(tenant_id) ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT INSERT(id) ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT INSERT(client_kpi_id),UPDATE(client_kpi_id) ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT INSERT(client_kpi_id),UPDATE(client_kpi_id) ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT INSERT(metric_name),UPDATE(metric_name) ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT INSERT(metric_name),UPDATE(metric_name) ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT INSERT(metric_value),UPDATE(metric_value) ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT INSERT(metric_value),UPDATE(metric_value) ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT INSERT(unit),UPDATE(unit) ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT INSERT(unit),UPDATE(unit) ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT INSERT(record_date),UPDATE(record_date) ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT INSERT(record_date),UPDATE(record_date) ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT INSERT(source_system) ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT INSERT(source_system) ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT INSERT(external_id) ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT INSERT(external_id) ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT INSERT(note),UPDATE(note) ON TABLE zixly.custom_metrics TO zixly_editor;
GRANT INSERT(note),UPDATE(note) ON TABLE zixly.custom_metrics TO zixly_admin;


GRANT SELECT ON TABLE zixly.date_notes TO zixly_viewer;
GRANT SELECT,DELETE ON TABLE zixly.date_notes TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.date_notes TO zixly_admin;


GRANT INSERT(id) ON TABLE zixly.date_notes TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.date_notes TO zixly_admin;


GRANT INSERT(day),UPDATE(day) ON TABLE zixly.date_notes TO zixly_editor;
GRANT INSERT(day),UPDATE(day) ON TABLE zixly.date_notes TO zixly_admin;


GRANT INSERT(client_kpi_id),UPDATE(client_kpi_id) ON TABLE zixly.date_notes TO zixly_editor;
GRANT INSERT(client_kpi_id),UPDATE(client_kpi_id) ON TABLE zixly.date_notes TO zixly_admin;


GRANT INSERT(words),UPDATE(words) ON TABLE zixly.date_notes TO zixly_editor;
GRANT INSERT(words),UPDATE(words) ON TABLE zixly.date_notes TO zixly_admin;


GRANT SELECT ON TABLE zixly.exchange_rates TO zixly_viewer;
GRANT SELECT,DELETE ON TABLE zixly.exchange_rates TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.exchange_rates TO zixly_admin;


GRANT INSERT(id) ON TABLE zixly.exchange_rates TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.exchange_rates TO zixly_admin;


GRANT INSERT(month) ON TABLE zixly.exchange_rates TO zixly_editor;
GRANT INSERT(month) ON TABLE zixly.exchange_rates TO zixly_admin;


GRANT INSERT(currency) ON TABLE zixly.exchange_rates TO zixly_editor;
GRANT INSERT(currency) ON TABLE zixly.exchange_rates TO zixly_admin;


GRANT INSERT(into_currency) ON TABLE zixly.exchange_rates TO zixly_editor;
GRANT INSERT(into_currency) ON TABLE zixly.exchange_rates TO zixly_admin;


GRANT INSERT(rate),UPDATE(rate) ON TABLE zixly.exchange_rates TO zixly_editor;
GRANT INSERT(rate),UPDATE(rate) ON TABLE zixly.exchange_rates TO zixly_admin;


GRANT INSERT(source_system),UPDATE(source_system) ON TABLE zixly.exchange_rates TO zixly_editor;
GRANT INSERT(source_system),UPDATE(source_system) ON TABLE zixly.exchange_rates TO zixly_admin;


GRANT SELECT ON TABLE zixly.financial_months TO zixly_viewer;
GRANT SELECT ON TABLE zixly.financial_months TO zixly_editor;
GRANT SELECT ON TABLE zixly.financial_months TO zixly_admin;
GRANT SELECT,INSERT,UPDATE ON TABLE zixly.financial_months TO zixly_gatekeeper;


GRANT SELECT ON TABLE zixly.financials TO zixly_viewer;
GRANT SELECT,DELETE ON TABLE zixly.financials TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.financials TO zixly_admin;
GRANT SELECT ON TABLE zixly.financials TO zixly_gatekeeper;


GRANT INSERT(tenant_id) ON TABLE zixly.financials TO zixly_editor;
GRANT INSERT(tenant_id) ON TABLE zixly.financials TO zixly_admin;


GRANT INSERT(id) ON TABLE zixly.financials TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.financials TO zixly_admin;


GRANT INSERT(client_kpi_id),UPDATE(client_kpi_id) ON TABLE zixly.financials TO zixly_editor;
GRANT INSERT(client_kpi_id),UPDATE(client_kpi_id) ON TABLE zixly.financials TO zixly_admin;


GRANT INSERT(record_date),UPDATE(record_date) ON TABLE zixly.financials TO zixly_editor;
GRANT INSERT(record_date),UPDATE(record_date) ON TABLE zixly.financials TO zixly_admin;


GRANT INSERT(revenue),UPDATE(revenue) ON TABLE zixly.financials TO zixly_editor;
GRANT INSERT(revenue),UPDATE(revenue) ON TABLE zixly.financials TO zixly_admin;


GRANT INSERT(expenses),UPDATE(expenses) ON TABLE zixly.financials TO zixly_editor;
GRANT INSERT(expenses),UPDATE(expenses) ON TABLE zixly.financials TO zixly_admin;


GRANT INSERT(source_system) ON TABLE zixly.financials TO zixly_editor;
GRANT INSERT(source_system) ON TABLE zixly.financials TO zixly_admin;


GRANT INSERT(external_id) ON TABLE zixly.financials TO zixly_editor;
GRANT INSERT(external_id) ON TABLE zixly.financials TO zixly_admin;


GRANT INSERT(note),UPDATE(note) ON TABLE zixly.financials TO zixly_editor;
GRANT INSERT(note),UPDATE(note) ON TABLE zixly.financials TO zixly_admin;


GRANT SELECT ON TABLE zixly.finding_dismissals TO zixly_viewer;
GRANT SELECT,DELETE ON TABLE zixly.finding_dismissals TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.finding_dismissals TO zixly_admin;


GRANT INSERT(id) ON TABLE zixly.finding_dismissals TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.finding_dismissals TO zixly_admin;


GRANT INSERT(kind) ON TABLE zixly.finding_dismissals TO zixly_editor;
GRANT INSERT(kind) ON TABLE zixly.finding_dismissals TO zixly_admin;


GRANT INSERT(client_kpi_id) ON TABLE zixly.finding_dismissals TO zixly_editor;
GRANT INSERT(client_kpi_id) ON TABLE zixly.finding_dismissals TO zixly_admin;


GRANT INSERT(subject) ON TABLE zixly.finding_dismissals TO zixly_editor;
GRANT INSERT(subject) ON TABLE zixly.finding_dismissals TO zixly_admin;


GRANT INSERT(reason) ON TABLE zixly.finding_dismissals TO zixly_editor;
GRANT INSERT(reason) ON TABLE zixly.finding_dismissals TO zixly_admin;


GRANT SELECT ON TABLE zixly.import_mappings TO zixly_editor;
GRANT SELECT ON TABLE zixly.import_mappings TO zixly_admin;


GRANT INSERT(id) ON TABLE zixly.import_mappings TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.import_mappings TO zixly_admin;


GRANT INSERT(kind) ON TABLE zixly.import_mappings TO zixly_editor;
GRANT INSERT(kind) ON TABLE zixly.import_mappings TO zixly_admin;


GRANT INSERT(header) ON TABLE zixly.import_mappings TO zixly_editor;
GRANT INSERT(header) ON TABLE zixly.import_mappings TO zixly_admin;


GRANT INSERT(mapping),UPDATE(mapping) ON TABLE zixly.import_mappings TO zixly_editor;
GRANT INSERT(mapping),UPDATE(mapping) ON TABLE zixly.import_mappings TO zixly_admin;


GRANT SELECT ON TABLE zixly.imports TO zixly_editor;
GRANT SELECT ON TABLE zixly.imports TO zixly_admin;
GRANT SELECT ON TABLE zixly.imports TO zixly_gatekeeper;


GRANT INSERT(id) ON TABLE zixly.imports TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.imports TO zixly_admin;


GRANT INSERT(kind) ON TABLE zixly.imports TO zixly_editor;
GRANT INSERT(kind) ON TABLE zixly.imports TO zixly_admin;


GRANT INSERT(file_name) ON TABLE zixly.imports TO zixly_editor;
GRANT INSERT(file_name) ON TABLE zixly.imports TO zixly_admin;


GRANT INSERT(checksum) ON TABLE zixly.imports TO zixly_editor;
GRANT INSERT(checksum) ON TABLE zixly.imports TO zixly_admin;


GRANT INSERT(added) ON TABLE zixly.imports TO zixly_editor;
GRANT INSERT(added) ON TABLE zixly.imports TO zixly_admin;


GRANT INSERT(changed) ON TABLE zixly.imports TO zixly_editor;
GRANT INSERT(changed) ON TABLE zixly.imports TO zixly_admin;


GRANT INSERT(unchanged) ON TABLE zixly.imports TO zixly_editor;
GRANT INSERT(unchanged) ON TABLE zixly.imports TO zixly_admin;


GRANT INSERT(rejected) ON TABLE zixly.imports TO zixly_editor;
GRANT INSERT(rejected) ON TABLE zixly.imports TO zixly_admin;


GRANT INSERT(left_out) ON TABLE zixly.imports TO zixly_editor;
GRANT INSERT(left_out) ON TABLE zixly.imports TO zixly_admin;


GRANT INSERT(sums) ON TABLE zixly.imports TO zixly_editor;
GRANT INSERT(sums) ON TABLE zixly.imports TO zixly_admin;


GRANT UPDATE(undone_at) ON TABLE zixly.imports TO zixly_editor;
GRANT UPDATE(undone_at) ON TABLE zixly.imports TO zixly_admin;


GRANT SELECT(tenant_id) ON TABLE zixly.integrations TO zixly_admin;


GRANT SELECT(id) ON TABLE zixly.integrations TO zixly_admin;


GRANT SELECT(kind) ON TABLE zixly.integrations TO zixly_admin;


GRANT SELECT(status) ON TABLE zixly.integrations TO zixly_admin;


GRANT SELECT(last_synced_at) ON TABLE zixly.integrations TO zixly_admin;


GRANT SELECT(version) ON TABLE zixly.integrations TO zixly_admin;


GRANT SELECT(created_at) ON TABLE zixly.integrations TO zixly_admin;


GRANT SELECT(updated_at) ON TABLE zixly.integrations TO zixly_admin;


GRANT SELECT,UPDATE ON TABLE zixly.invitations TO zixly_gatekeeper;


GRANT SELECT(tenant_id) ON TABLE zixly.invitations TO zixly_admin;


GRANT SELECT(id),INSERT(id) ON TABLE zixly.invitations TO zixly_admin;


GRANT SELECT(email),INSERT(email) ON TABLE zixly.invitations TO zixly_admin;


GRANT SELECT(role),INSERT(role),UPDATE(role) ON TABLE zixly.invitations TO zixly_admin;


GRANT INSERT(token_hash),UPDATE(token_hash) ON TABLE zixly.invitations TO zixly_admin;


GRANT SELECT(invited_by) ON TABLE zixly.invitations TO zixly_admin;


GRANT SELECT(expires_at),UPDATE(expires_at) ON TABLE zixly.invitations TO zixly_admin;


GRANT SELECT(accepted_at) ON TABLE zixly.invitations TO zixly_admin;


GRANT SELECT(withdrawn_at),UPDATE(withdrawn_at) ON TABLE zixly.invitations TO zixly_admin;


GRANT SELECT(created_at) ON TABLE zixly.invitations TO zixly_admin;


GRANT SELECT(updated_at) ON TABLE zixly.invitations TO zixly_admin;


GRANT SELECT ON TABLE zixly.lead_events TO zixly_viewer;
GRANT SELECT,DELETE ON TABLE zixly.lead_events TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.lead_events TO zixly_admin;
GRANT SELECT ON TABLE zixly.lead_events TO zixly_gatekeeper;


GRANT INSERT(tenant_id) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(tenant_id) ON TABLE zixly.lead_events TO zixly_admin;


GRANT INSERT(id) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.lead_events TO zixly_admin;


GRANT INSERT(client_kpi_id),UPDATE(client_kpi_id) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(client_kpi_id),UPDATE(client_kpi_id) ON TABLE zixly.lead_events TO zixly_admin;


GRANT INSERT(lead_id),UPDATE(lead_id) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(lead_id),UPDATE(lead_id) ON TABLE zixly.lead_events TO zixly_admin;


GRANT INSERT(stage),UPDATE(stage) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(stage),UPDATE(stage) ON TABLE zixly.lead_events TO zixly_admin;


GRANT INSERT(status),UPDATE(status) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(status),UPDATE(status) ON TABLE zixly.lead_events TO zixly_admin;


GRANT INSERT(event_date),UPDATE(event_date) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(event_date),UPDATE(event_date) ON TABLE zixly.lead_events TO zixly_admin;


GRANT INSERT(value),UPDATE(value) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(value),UPDATE(value) ON TABLE zixly.lead_events TO zixly_admin;


GRANT INSERT(source_system) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(source_system) ON TABLE zixly.lead_events TO zixly_admin;


GRANT INSERT(external_id) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(external_id) ON TABLE zixly.lead_events TO zixly_admin;


GRANT INSERT(note),UPDATE(note) ON TABLE zixly.lead_events TO zixly_editor;
GRANT INSERT(note),UPDATE(note) ON TABLE zixly.lead_events TO zixly_admin;


GRANT SELECT ON TABLE zixly.lead_stages TO zixly_viewer;
GRANT SELECT ON TABLE zixly.lead_stages TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.lead_stages TO zixly_admin;
GRANT SELECT,INSERT ON TABLE zixly.lead_stages TO zixly_gatekeeper;


GRANT INSERT(id) ON TABLE zixly.lead_stages TO zixly_admin;


GRANT INSERT(stage),UPDATE(stage) ON TABLE zixly.lead_stages TO zixly_admin;


GRANT INSERT("position"),UPDATE("position") ON TABLE zixly.lead_stages TO zixly_admin;


GRANT INSERT(status),UPDATE(status) ON TABLE zixly.lead_stages TO zixly_admin;


GRANT SELECT ON TABLE zixly.metric_definitions TO zixly_viewer;
GRANT SELECT,DELETE ON TABLE zixly.metric_definitions TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.metric_definitions TO zixly_admin;


GRANT INSERT(id) ON TABLE zixly.metric_definitions TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.metric_definitions TO zixly_admin;


GRANT INSERT(metric_name),UPDATE(metric_name) ON TABLE zixly.metric_definitions TO zixly_editor;
GRANT INSERT(metric_name),UPDATE(metric_name) ON TABLE zixly.metric_definitions TO zixly_admin;


GRANT INSERT(unit),UPDATE(unit) ON TABLE zixly.metric_definitions TO zixly_editor;
GRANT INSERT(unit),UPDATE(unit) ON TABLE zixly.metric_definitions TO zixly_admin;


GRANT INSERT(kind),UPDATE(kind) ON TABLE zixly.metric_definitions TO zixly_editor;
GRANT INSERT(kind),UPDATE(kind) ON TABLE zixly.metric_definitions TO zixly_admin;


GRANT INSERT(direction),UPDATE(direction) ON TABLE zixly.metric_definitions TO zixly_editor;
GRANT INSERT(direction),UPDATE(direction) ON TABLE zixly.metric_definitions TO zixly_admin;


GRANT INSERT(target),UPDATE(target) ON TABLE zixly.metric_definitions TO zixly_editor;
GRANT INSERT(target),UPDATE(target) ON TABLE zixly.metric_definitions TO zixly_admin;


GRANT INSERT(out_of),UPDATE(out_of) ON TABLE zixly.metric_definitions TO zixly_editor;
GRANT INSERT(out_of),UPDATE(out_of) ON TABLE zixly.metric_definitions TO zixly_admin;


GRANT SELECT,INSERT,UPDATE ON TABLE zixly.password_resets TO zixly_gatekeeper;


GRANT SELECT(tenant_id) ON TABLE zixly.password_resets TO zixly_admin;


GRANT SELECT(id),INSERT(id) ON TABLE zixly.password_resets TO zixly_admin;


GRANT SELECT(user_id),INSERT(user_id) ON TABLE zixly.password_resets TO zixly_admin;


GRANT INSERT(token_hash) ON TABLE zixly.password_resets TO zixly_admin;


GRANT SELECT(expires_at) ON TABLE zixly.password_resets TO zixly_admin;


GRANT SELECT(used_at) ON TABLE zixly.password_resets TO zixly_admin;


GRANT SELECT(created_at) ON TABLE zixly.password_resets TO zixly_admin;


GRANT SELECT(updated_at) ON TABLE zixly.password_resets TO zixly_admin;


GRANT SELECT,DELETE ON TABLE zixly.saved_views TO zixly_viewer;
GRANT SELECT,DELETE ON TABLE zixly.saved_views TO zixly_editor;
GRANT SELECT,DELETE ON TABLE zixly.saved_views TO zixly_admin;


GRANT INSERT(id) ON TABLE zixly.saved_views TO zixly_viewer;
GRANT INSERT(id) ON TABLE zixly.saved_views TO zixly_editor;
GRANT INSERT(id) ON TABLE zixly.saved_views TO zixly_admin;


GRANT INSERT(page) ON TABLE zixly.saved_views TO zixly_viewer;
GRANT INSERT(page) ON TABLE zixly.saved_views TO zixly_editor;
GRANT INSERT(page) ON TABLE zixly.saved_views TO zixly_admin;


GRANT INSERT(name),UPDATE(name) ON TABLE zixly.saved_views TO zixly_viewer;
GRANT INSERT(name),UPDATE(name) ON TABLE zixly.saved_views TO zixly_editor;
GRANT INSERT(name),UPDATE(name) ON TABLE zixly.saved_views TO zixly_admin;


GRANT INSERT(filters),UPDATE(filters) ON TABLE zixly.saved_views TO zixly_viewer;
GRANT INSERT(filters),UPDATE(filters) ON TABLE zixly.saved_views TO zixly_editor;
GRANT INSERT(filters),UPDATE(filters) ON TABLE zixly.saved_views TO zixly_admin;


GRANT INSERT(is_default),UPDATE(is_default) ON TABLE zixly.saved_views TO zixly_viewer;
GRANT INSERT(is_default),UPDATE(is_default) ON TABLE zixly.saved_views TO zixly_editor;
GRANT INSERT(is_default),UPDATE(is_default) ON TABLE zixly.saved_views TO zixly_admin;


GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE zixly.second_factors TO zixly_gatekeeper;


GRANT SELECT(tenant_id) ON TABLE zixly.second_factors TO zixly_admin;


GRANT SELECT(id) ON TABLE zixly.second_factors TO zixly_admin;


GRANT SELECT(user_id) ON TABLE zixly.second_factors TO zixly_admin;


GRANT SELECT(confirmed_at) ON TABLE zixly.second_factors TO zixly_admin;


GRANT SELECT(created_at) ON TABLE zixly.second_factors TO zixly_admin;


GRANT SELECT(updated_at) ON TABLE zixly.second_factors TO zixly_admin;


GRANT SELECT,INSERT,UPDATE ON TABLE zixly.sessions TO zixly_gatekeeper;


GRANT SELECT ON TABLE zixly.tenants TO zixly_viewer;
GRANT SELECT ON TABLE zixly.tenants TO zixly_editor;
GRANT SELECT ON TABLE zixly.tenants TO zixly_admin;
GRANT SELECT,INSERT ON TABLE zixly.tenants TO zixly_gatekeeper;


GRANT UPDATE(name) ON TABLE zixly.tenants TO zixly_admin;


GRANT UPDATE(industry) ON TABLE zixly.tenants TO zixly_admin;


GRANT UPDATE(time_zone) ON TABLE zixly.tenants TO zixly_admin;


GRANT UPDATE(reporting_currency) ON TABLE zixly.tenants TO zixly_admin;


GRANT UPDATE(financial_year_start_month) ON TABLE zixly.tenants TO zixly_admin;
GRANT UPDATE(financial_year_start_month) ON TABLE zixly.tenants TO zixly_gatekeeper;


GRANT UPDATE(second_factor_required) ON TABLE zixly.tenants TO zixly_admin;


GRANT DELETE ON TABLE zixly.users TO zixly_admin;
GRANT SELECT,INSERT ON TABLE zixly.users TO zixly_gatekeeper;


GRANT SELECT(tenant_id) ON TABLE zixly.users TO zixly_admin;


GRANT SELECT(id) ON TABLE zixly.users TO zixly_admin;


GRANT SELECT(email) ON TABLE zixly.users TO zixly_admin;


GRANT SELECT(full_name),UPDATE(full_name) ON TABLE zixly.users TO zixly_admin;


GRANT SELECT(role),UPDATE(role) ON TABLE zixly.users TO zixly_admin;


GRANT SELECT(status),UPDATE(status) ON TABLE zixly.users TO zixly_admin;


GRANT UPDATE(password_hash) ON TABLE zixly.users TO zixly_gatekeeper;


GRANT SELECT(version) ON TABLE zixly.users TO zixly_admin;


GRANT SELECT(created_at) ON TABLE zixly.users TO zixly_admin;


GRANT SELECT(updated_at) ON TABLE zixly.users TO zixly_admin;


ALTER DEFAULT PRIVILEGES FOR ROLE zixly_gatekeeper REVOKE ALL ON FUNCTIONS FROM PUBLIC;


ALTER DEFAULT PRIVILEGES FOR ROLE zixly_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;


CREATE EVENT TRIGGER zixly_logins_drop_nothing ON ddl_command_start
         WHEN TAG IN ('DROP OWNED')
   EXECUTE FUNCTION zixly_guard.refuse_drop_owned();


ALTER EVENT TRIGGER zixly_logins_drop_nothing OWNER TO postgres;

--
-- PostgreSQL database dump complete
--

