-- Roles: made once per server, by whoever administers it (a superuser, or a role that may create
-- roles). Safe to run again. Passwords are not set here: `python -m zixly_data migrate` sets those
-- of the two logins.
--
--   zixly_owner       owns schemas and tables, migrates; nobody logs in as it
--   zixly_gatekeeper  owns the few functions that look across tenants: sessions and sign-in
--   zixly_operator    may call the operator's functions: tenants, users, short sessions
--   zixly_app         the pages' login: no rights of its own, becomes one of the three below
--   zixly_auth        the sign-in login: may call what signing in needs, and reads no table
--   zixly_viewer, zixly_editor, zixly_admin
--                     what each role of a team may do: GRANTs for verbs, policies for rows
--
-- The logins are two because whoever injects SQL into a page's transaction can take any role the
-- login may take: were sign-in among them, password hashes of every tenant would be in reach.

do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('zixly_owner',      'nologin noinherit'),
      ('zixly_gatekeeper', 'nologin noinherit'),
      ('zixly_operator',   'nologin noinherit'),
      ('zixly_viewer',     'nologin noinherit'),
      ('zixly_editor',     'nologin noinherit'),
      ('zixly_admin',      'nologin noinherit'),
      ('zixly_app',        'login noinherit'),
      ('zixly_auth',       'login noinherit')
    ) as roles (name, attributes)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
      execute format('create role %I %s', wanted.name, wanted.attributes);
    end if;
  end loop;
end
$$;

grant zixly_viewer to zixly_app;
grant zixly_editor to zixly_app;
grant zixly_admin to zixly_app;
-- To hand functions over to the gatekeeper, the owner must be a member of it.
grant zixly_gatekeeper to zixly_owner;

do $$
begin
  -- A superuser may do all this anyway; an administrator who is none needs the memberships. The
  -- last one is for loading the demo, which is written as its ADMIN.
  if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    execute format('grant zixly_owner, zixly_gatekeeper, zixly_operator, zixly_admin to %I', current_user);
  end if;
  execute format('grant create on database %I to zixly_owner', current_database());
  execute format('revoke create, temporary on database %I from public', current_database());
  execute format('grant connect on database %I to zixly_app, zixly_auth', current_database());
  -- Older servers let everybody create in schema public.
  revoke create on schema public from public;
  -- A login may change its own defaults, even by injection; each migration takes them back.
  execute format('alter role zixly_app in database %I reset all', current_database());
  execute format('alter role zixly_auth in database %I reset all', current_database());
end
$$;
alter role zixly_app reset all;
alter role zixly_auth reset all;

-- What a login is allowed to wait for. The connection code sets the rest per transaction.
alter role zixly_app set statement_timeout = '60s';
alter role zixly_app set idle_in_transaction_session_timeout = '5min';
-- Plans without nested loops count as costly, and a server that compiles costly plans would spend
-- seconds on each to save milliseconds.
alter role zixly_app set jit = off;
-- Dated rows are written at no other: a month that was just closed has to be seen.
alter role zixly_app set default_transaction_isolation = 'read committed';
alter role zixly_auth set statement_timeout = '10s';
alter role zixly_auth set idle_in_transaction_session_timeout = '1min';

-- DROP OWNED BY a role of one's own strikes it off every policy: no row is shown to anybody by it,
-- but everybody with that role is kept out. So the logins may not. Only a superuser can see to
-- that; elsewhere replaying policies.sql repairs it.
do $$
begin
  if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    create schema if not exists zixly_guard;
    create or replace function zixly_guard.refuse_drop_owned() returns event_trigger
      language plpgsql set search_path = pg_catalog, pg_temp
    as $guard$
    begin
      if session_user in ('zixly_app', 'zixly_auth') then
        raise exception 'this login drops nothing' using errcode = '42501';
      end if;
    end
    $guard$;
    revoke execute on function zixly_guard.refuse_drop_owned() from public;
    if not exists (select from pg_catalog.pg_event_trigger
                   where evtname = 'zixly_logins_drop_nothing') then
      create event trigger zixly_logins_drop_nothing on ddl_command_start
        when tag in ('DROP OWNED') execute function zixly_guard.refuse_drop_owned();
    end if;
  end if;
end
$$;

-- PostgreSQL lets every login do what disturbs all others: fill the disk with large objects or the log of
-- changes, hold so many locks that nobody can connect, end the pages' other statements, run loops. Only a
-- superuser can take that away; `doctor` says where it was not. What Zixly needs of it, the owners of its
-- functions keep.
do $$
declare
  given record;
begin
  if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    return;
  end if;
  for given in
    select p.oid::regprocedure as name, p.proname ~ 'advisory' as is_lock, p.proname ~ 'backend$' as is_signal
    from pg_catalog.pg_proc as p
    where p.pronamespace = 'pg_catalog'::regnamespace
      and p.proname ~ '^(lo_.*|loread|lowrite|pg_(try_)?advisory_(xact_)?lock(_shared)?|pg_notify|pg_export_snapshot|pg_logical_emit_message|pg_(cancel|terminate)_backend)$'
      and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a where a.grantee = 0)
  loop
    execute format('revoke execute on function %s from public', given.name);
    if given.is_lock then
      execute format('grant execute on function %s to zixly_owner, zixly_gatekeeper', given.name);
    elsif given.is_signal then
      execute format('grant execute on function %s to pg_signal_backend', given.name);
    end if;
  end loop;
  -- Whoever may use the language may run DO. Calling functions that are there takes no such right.
  if has_language_privilege('zixly_app', 'plpgsql', 'usage') then
    revoke usage on language plpgsql from public;
    grant usage on language plpgsql to zixly_owner, zixly_gatekeeper;
  end if;
  -- Ten million records are sorted in less. It ends one statement, and no other person's.
  alter role zixly_app set temp_file_limit = '4GB';
  alter role zixly_auth set temp_file_limit = '64MB';
end
$$;
