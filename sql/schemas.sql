-- The schemas, and who may look into which. Safe to run again.
--
--   zixly         the tables
--   app           what a scoped transaction calls: present a session, ask for tenant, user and role
--   app_auth      what signing in calls        (zixly_auth alone)
--   app_operator  what the operator calls      (zixly_operator alone)
--   app_private   key, tickets, failures, triggers, templates (nobody)

create schema if not exists zixly authorization zixly_owner;
create schema if not exists app authorization zixly_owner;
create schema if not exists app_auth authorization zixly_owner;
create schema if not exists app_operator authorization zixly_owner;
create schema if not exists app_private authorization zixly_owner;

grant usage on schema zixly to zixly_gatekeeper, zixly_viewer, zixly_editor, zixly_admin;
grant usage on schema app to zixly_app, zixly_viewer, zixly_editor, zixly_admin;
grant usage on schema app_auth to zixly_auth;
grant usage on schema app_operator to zixly_operator;
grant usage, create on schema app, app_auth, app_operator, app_private to zixly_gatekeeper;

-- No function is anybody's until it is granted. (This default holds for functions made after it.)
set local role zixly_gatekeeper;
alter default privileges revoke execute on functions from public;
set local role zixly_owner;
alter default privileges revoke execute on functions from public;
