-- The context: who this transaction acts for, unforgeable.
--
-- app.present(secret) finds the session, and leaves a transaction-local setting `app.context`:
--   tenant | user | role | session | signature
-- The signature is HMAC-SHA-256 over the four parts and the transaction's start time, with a key
-- that only the gatekeeper can read. Whoever injects SQL can write the setting, but cannot sign;
-- a context read off elsewhere is worthless in any other transaction. (Not the transaction's id: a
-- read would burn one, a replica has none. Not the backend's pid: parallel workers differ.)
--
-- Transactions that begin within one message of the simple protocol have the same start time. So
-- app.present() refuses a transaction that began in its own message. Of several that began in an
-- earlier message only the last is still open, and every later one has another start time.
--
-- Every function pins its search_path to pg_catalog, pg_temp. An empty one is not enough: pg_temp
-- would then be searched first for types, and a temporary domain named "text" with a CHECK of the
-- attacker's would run as the gatekeeper and read the key.

create or replace function app_private.signature(claims text) returns text
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
declare
  signed bytea := convert_to(
    claims || '|' || extract(epoch from transaction_timestamp())::text, 'UTF8');
  pads record;
begin
  select inner_pad, outer_pad into strict pads from app_private.signing_key;
  return encode(sha256(pads.outer_pad || sha256(pads.inner_pad || signed)), 'hex');
end
$$;

-- The verified parts of the context, or null where there is none. Raises 28000 when it is forged,
-- altered, or belongs to another transaction, and when the transaction began more than a quarter of
-- an hour ago: rights that were taken away since then end with it.
create or replace function app_private.claims() returns text[]
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
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
  if clock_timestamp() > transaction_timestamp() + interval '15 minutes' then
    raise exception 'this transaction has taken too long' using errcode = '28000';
  end if;
  return parts;
end
$$;

-- What policies and defaults ask. In a policy always inside a sub-select: once per statement.
create or replace function app.tenant_id() returns text
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (app_private.claims())[1]; end $$;

create or replace function app.user_id() returns text
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (app_private.claims())[2]; end $$;

create or replace function app.role() returns text
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$ begin return (app_private.claims())[3]; end $$;

-- The session that a secret opens, if it may be used at this moment.
create or replace function app_private.live_session(secret text)
  returns table (tenant_id text, user_id text, role text, email text, full_name text, session_id text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select s.tenant_id, s.user_id, u.role, u.email, u.full_name, s.id
  from zixly.sessions as s
  join zixly.users as u on u.tenant_id = s.tenant_id and u.id = s.user_id
  where s.secret_hash = sha256(convert_to(secret, 'UTF8'))
    and s.revoked_at is null
    and s.expires_at > clock_timestamp()
    -- Seen in the future, it was used while the clock was ahead; it would outlast every limit.
    and s.last_seen_at between clock_timestamp() - s.idle_limit
                           and clock_timestamp() + interval '1 day'
    and u.status = 'ACTIVE'
$$;

-- Whether the tenant demands a second factor that the person has not set up yet. Not of the operator,
-- who acts for people without being them.
create or replace function app_private.lacks_second_factor(
  of_tenant text, of_user text, of_session text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select t.second_factor_required
    and not exists (select from zixly.second_factors as f
                    where f.tenant_id = of_tenant and f.user_id = of_user)
    and not exists (select from zixly.sessions as s
                    where s.tenant_id = of_tenant and s.id = of_session and s.kind = 'OPERATOR')
  from zixly.tenants as t where t.id = of_tenant
$$;

-- The same session. Raises 28000 when it is unknown, expired, idle for too long or revoked, or its user
-- inactive, and ZX004 when the tenant demands a second factor that the person has not set up.
create or replace function app_private.required_session(secret text)
  returns table (tenant_id text, user_id text, role text, email text, full_name text, session_id text)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  s record;
begin
  select * into s from app_private.live_session(secret);
  if not found then
    raise exception 'this session has ended' using errcode = '28000';
  end if;
  if app_private.lacks_second_factor(s.tenant_id, s.user_id, s.session_id) then
    raise exception 'a second factor has to be set up first' using errcode = 'ZX004';
  end if;
  return query select s.tenant_id, s.user_id, s.role, s.email, s.full_name, s.session_id;
end
$$;

-- Begins the scoped part of a transaction. Reads only, so that it works on a replica too. Raises as
-- required_session does, and 28000 when the transaction began in the message that calls this.
create or replace function app.present(secret text)
  returns table (tenant_id text, user_id text, role text, email text, full_name text, session_id text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  s      record;
  claims text;
begin
  if transaction_timestamp() = statement_timestamp() then
    raise exception 'a transaction begins before the message that presents its session' using errcode = '28000';
  end if;
  select * into s from app_private.required_session(secret);
  claims := concat_ws('|', s.tenant_id, s.user_id, s.role, s.session_id);
  perform set_config('app.context', claims || '|' || app_private.signature(claims), true);
  return query select s.tenant_id, s.user_id, s.role, s.email, s.full_name, s.session_id;
end
$$;

-- Says whose session it is, and that the person is still there: at most one write a minute, and never a
-- wait, as whoever holds the row is doing the same. Leaves no context, so it may be a transaction by itself.
-- Raises as required_session does.
create or replace function app.identify(secret text)
  returns table (tenant_id text, user_id text, role text, email text, full_name text, session_id text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  own record;
begin
  select * into own from app_private.required_session(secret);
  update zixly.sessions as s set last_seen_at = clock_timestamp(), updated_at = clock_timestamp()
  where (s.tenant_id, s.id) in (
    select i.tenant_id, i.id from zixly.sessions as i
    where i.tenant_id = own.tenant_id and i.id = own.session_id
      and i.last_seen_at < clock_timestamp() - interval '1 minute'
      and i.last_seen_at > clock_timestamp() - i.idle_limit
      and i.revoked_at is null
    for update skip locked);
  return query select own.tenant_id, own.user_id, own.role, own.email, own.full_name, own.session_id;
end
$$;

create or replace function app.end_session(secret text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
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

-- Time-ordered ids with a prefix: 48 bits of milliseconds, 80 random bits, in hexadecimal.
create or replace function app.new_id(prefix text) returns text
  language sql volatile parallel safe set search_path = pg_catalog, pg_temp
as $$
  select prefix || '_'
    || lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
    || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)
    || substr(replace(gen_random_uuid()::text, '-', ''), 25, 8)
$$;

-- Called once, by the first migration: HMAC's two pads of a random key of 64 bytes.
create or replace function app_private.make_signing_key() returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
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
