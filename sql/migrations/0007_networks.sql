-- Failures are counted by network, and columns that are not sampled any more forget what was sampled.

-- ── failures: the networks they are counted by, see app_private.network ─────────────────────
alter table app_private.sign_in_failures
  add column network text,
  add column site text;
update app_private.sign_in_failures
set network = app_private.network(address, 64), site = app_private.network(address, 48);
alter table app_private.sign_in_failures
  alter column network set not null,
  alter column site set not null;
-- The failures of a network are found among those of its site.
create index sign_in_failures_by_site on app_private.sign_in_failures (site, at);
drop index app_private.sign_in_failures_by_address;

-- ── exports: counted per person, see app.note_export ────────────────────────────────────────
create index audit_log_exports on zixly.audit_log (tenant_id, user_id, at) where action = 'EXPORT';

-- ── statistics: a column's target only holds for the next sample ────────────────────────────
-- policies.sql ends the sampling; what was sampled before stays until the type is set, to what it is.
-- That rewrites nothing. No type can be set while a policy or trigger names the column: policies.sql makes
-- them again, in this transaction. (Comparisons of numeric and jsonb read no samples past a policy.)
do $$
declare
  named record;
begin
  for named in
    select polname as name, polrelid::regclass as of_table from pg_catalog.pg_policy as p
    join pg_catalog.pg_class as c on c.oid = p.polrelid
    where c.relnamespace = 'zixly'::regnamespace
  loop
    execute format('drop policy %I on %s', named.name, named.of_table);
  end loop;
  for named in
    select tgname as name, tgrelid::regclass as of_table from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid = t.tgrelid
    where c.relnamespace = 'zixly'::regnamespace and not t.tgisinternal
  loop
    execute format('drop trigger %I on %s', named.name, named.of_table);
  end loop;
  for named in
    select c.oid::regclass as of_table,
           string_agg(format('alter column %I type %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
             case when a.attcollation = '"C"'::regcollation then ' collate "C"' else '' end), ', ') as changes
    from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'zixly'::regnamespace and c.relkind = 'r'
      and a.atttypid <> all (array['numeric', 'jsonb']::regtype[])
    group by c.oid
  loop
    execute format('alter table %s %s', named.of_table, named.changes);
  end loop;
end
$$;

-- So do the samples of an index over an expression.
drop index zixly.user_email_unique;
create unique index user_email_unique on zixly.users (lower(email));
drop index zixly.invitation_open_unique;
create unique index invitation_open_unique on zixly.invitations (tenant_id, lower(email))
  where accepted_at is null and withdrawn_at is null;
