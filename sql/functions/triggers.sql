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

-- Who changed what: one audit row per row changed, in the same transaction. Secrets are left out.
create or replace function app_private.audit() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  hidden constant text[] := array['password_hash', 'token_hash', 'credentials'];
  actor  constant text := app.user_id();
begin
  if tg_op = 'INSERT' then
    insert into zixly.audit_log (tenant_id, user_id, action, table_name, row_id, after)
    select n.tenant_id, actor, tg_op, tg_table_name, n.id, to_jsonb(n) - hidden from new_rows as n;
  elsif tg_op = 'UPDATE' then
    insert into zixly.audit_log (tenant_id, user_id, action, table_name, row_id, before, after)
    select n.tenant_id, actor, tg_op, tg_table_name, n.id, to_jsonb(o) - hidden, to_jsonb(n) - hidden
    from new_rows as n join old_rows as o on o.tenant_id = n.tenant_id and o.id = n.id;
  else
    -- Where the tenant itself is going, its trail goes with it.
    insert into zixly.audit_log (tenant_id, user_id, action, table_name, row_id, before)
    select o.tenant_id, actor, tg_op, tg_table_name, o.id, to_jsonb(o) - hidden
    from old_rows as o
    where exists (select from zixly.tenants as t where t.id = o.tenant_id);
  end if;
  return null;
end
$$;
