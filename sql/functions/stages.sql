-- Stages: a retired one takes no new events, a merged one counts as another, and a name is only a name.

-- Raises ZX020, the stage as its message, when one of these rows is a new event of a retired stage. An event that is
-- at one already stays there when it changes. The trigger runs after keep_closed(), which holds the lock that retiring
-- waits for, so every stage retired before is seen. A tenant without retired stages costs one look at its stages.
create or replace function app_private.keep_retired() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  tenants text[];
  retired text[];
  entered text;
begin
  tenants := array(select distinct r.tenant_id from new_rows as r);
  retired := array(select s.stage from zixly.lead_stages as s
                   where s.tenant_id = any (tenants) and s.retired_at is not null);
  if retired = '{}' then
    return null;
  end if;
  -- Rows are joined by a statement that is planned each time: a kept plan would compare each with each.
  execute case tg_op
    when 'INSERT' then
      'select min(r.stage) from new_rows as r join zixly.lead_stages as s
         on s.tenant_id = r.tenant_id and s.stage = r.stage and s.retired_at is not null'
    else
      'select min(r.stage) from new_rows as r
       join old_rows as o on o.tenant_id = r.tenant_id and o.id = r.id and o.stage <> r.stage
       join zixly.lead_stages as s
         on s.tenant_id = r.tenant_id and s.stage = r.stage and s.retired_at is not null'
    end
    into entered;
  if entered is not null then
    raise exception '%', entered using errcode = 'ZX020';
  end if;
  return null;
end
$$;

-- Waits for everyone who is writing events before a stage is retired or merged. Raises ZX021, the other stage as its
-- message, where that one is retired: its events would be those of a stage that takes none.
create or replace function app_private.keep_stages() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set lock_timeout = '15s'
as $$
declare
  other text;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    raise exception 'stages are retired at READ COMMITTED' using errcode = '0A000';
  end if;
  perform pg_advisory_xact_lock(app_private.closing(new.tenant_id));
  select s.stage into other from zixly.lead_stages as s
  where s.tenant_id = new.tenant_id and s.id = new.merged_into and s.retired_at is not null;
  if other is not null then
    raise exception '%', other using errcode = 'ZX021';
  end if;
  return new;
end
$$;

-- What was merged into a stage follows it where that one is merged too: there are no chains.
create or replace function app_private.follow_merge() returns trigger
  language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
begin
  update zixly.lead_stages as s set merged_into = new.merged_into
  where s.tenant_id = new.tenant_id and s.merged_into = new.id;
  return null;
end
$$;

-- A tenant keeps an open and a won stage that take events, or no lead could be recorded or won. Two who retire the
-- last two at once wait for each other, and the second is refused (ZX022, the status as its message). Where the
-- tenant itself is going, so may they.
create or replace function app_private.keep_a_stage() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('stages of ' || old.tenant_id, 0));
  if not exists (select from zixly.lead_stages as s
                 where s.tenant_id = old.tenant_id and s.status = old.status and s.retired_at is null)
     and exists (select from zixly.tenants as t where t.id = old.tenant_id) then
    raise exception '%', old.status using errcode = 'ZX022';
  end if;
  return null;
end
$$;

-- The status of a stage is that of its events, so it stays once there is one (ZX023, the stage as its message). The
-- row is locked against those who are writing an event of it.
create or replace function app_private.keep_status() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    raise exception 'the status of a stage changes at READ COMMITTED' using errcode = '0A000';
  end if;
  if exists (select from zixly.lead_events as e where e.tenant_id = old.tenant_id and e.stage = old.stage) then
    raise exception '%', old.stage using errcode = 'ZX023';
  end if;
  return new;
end
$$;

-- The reason for losing a lead goes with the lost stage.
create or replace function app_private.drop_reason() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  new.reason := null;
  return new;
end
$$;
