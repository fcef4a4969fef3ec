-- What people do with their own sessions, and what goes on the trail without changing a row. Called in a
-- scoped transaction: the person is the context's, never an argument.

-- One's own sessions in browsers that could still be used. Those of commands that the operator runs as
-- this person are nobody's device: each ends with its command.
create or replace function app.my_sessions()
  returns table (id text, address text, user_agent text, created_at timestamptz,
                 last_seen_at timestamptz, is_this boolean)
  language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
  select s.id, s.address, s.user_agent, s.created_at, s.last_seen_at,
         s.id = (app_private.claims())[4]
  from zixly.sessions as s
  where s.tenant_id = (select app.tenant_id()) and s.user_id = (select app.user_id())
    and s.kind = 'BROWSER'
    and s.revoked_at is null and s.expires_at > clock_timestamp()
    and s.last_seen_at between clock_timestamp() - s.idle_limit
                           and clock_timestamp() + interval '1 day'
$$;

-- Ends one of one's own sessions; false where there is no such one.
create or replace function app.end_my_session(which text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
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

-- Somebody took rows away as a file. Raises ZX011 after 60 of a person within a minute, or 5,000 within a
-- day: nobody takes so many, and any number of entries would fill the disk. So would filters of any length.
create or replace function app.note_export(what text, row_count bigint, filters jsonb) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  longest  constant integer := 16000;
  claims   constant text[] := app_private.claims();
  a_minute integer;
  a_day    integer;
begin
  select count(*) filter (where a.at > clock_timestamp() - interval '1 minute'), count(*)
  into a_minute, a_day
  from zixly.audit_log as a
  where a.tenant_id = claims[1] and a.user_id = claims[2] and a.action = 'EXPORT'
    and a.at > clock_timestamp() - interval '1 day';
  if a_minute >= 60 or a_day >= 5000 then
    raise exception 'too many exports' using errcode = 'ZX011';
  end if;
  perform app_private.note_own('EXPORT', left(what, 100), null, jsonb_build_object(
    'rows', row_count,
    'filters', case when octet_length(filters::text) <= longest then filters
                    else jsonb_build_object('shortened', left(filters::text, longest / 4)) end));
end
$$;

-- Waits until nobody else of the tenant does the same, until the transaction ends. Only these, so that a
-- session holds two such locks at most: locks are few, and of the whole server.
create or replace function app.take_turn(at_what text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  turn constant text := case at_what
    when 'importing' then app.tenant_id()
    when 'entering overheads' then app.tenant_id()
    when 'choosing a default view' then app.tenant_id() || ' ' || app.user_id() end;
begin
  if turn is null then
    raise exception 'nobody takes turns at this' using errcode = '42501';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(at_what || ' ' || turn, 0));
end
$$;

-- The trail of one record of the books, for everybody who may read the record.
create or replace function app.history_of(on_table text, of_row text)
  returns table (at timestamptz, user_name text, action text, before jsonb, after jsonb)
  language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp
as $$
  select a.at, coalesce(u.full_name, a.user_email), a.action, a.before, a.after
  from zixly.audit_log as a
  left join zixly.users as u on u.tenant_id = a.tenant_id and u.id = a.user_id
  where a.tenant_id = (select app.tenant_id())
    and a.table_name = on_table and a.row_id = of_row
    and on_table in ('client_kpis', 'financials', 'overheads', 'lead_events', 'custom_metrics',
                     'metric_definitions', 'lead_stages', 'exchange_rates', 'date_notes', 'metric_targets')
$$;

-- Switches a colleague's second factor off, say after a lost phone; false where there is none.
create or replace function app.remove_second_factor_of(colleague text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
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

create or replace function app_private.note_own(what text, on_table text, of_row text, details jsonb)
  returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  select app_private.note(
    app.tenant_id(), app.user_id(),
    (select s.address from zixly.sessions as s
     where s.tenant_id = app.tenant_id() and s.id = (app_private.claims())[4]),
    what, on_table, of_row, details)
$$;
