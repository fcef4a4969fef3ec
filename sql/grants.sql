-- Functions: nobody's, except these. Run by the gatekeeper, who owns them.

revoke execute on all functions in schema app, app_auth, app_operator, app_private from public;
grant execute on function app.present(text), app.identify(text), app.end_session(text) to zixly_app;
grant execute on function app.tenant_id(), app.user_id(), app.role(), app.new_id(text)
  to zixly_viewer, zixly_editor, zixly_admin;
grant execute on function app.my_sessions(), app.end_my_session(text),
  app.note_export(text, bigint, jsonb), app.history_of(text, text), app.my_name(), app.take_turn(text)
  to zixly_viewer, zixly_editor, zixly_admin;
grant execute on function app.rows_of_import(text), app.restore_rows_of_import(text),
  app.merge_contents(text, text), app.merge_clients(text, text, jsonb), app.undo_merge(text)
  to zixly_editor, zixly_admin;
grant execute on function app.remove_second_factor_of(text), app.demo_contents(),
  app.remove_demo(jsonb, text) to zixly_admin;
grant execute on all functions in schema app_auth to zixly_auth;
grant execute on all functions in schema app_operator to zixly_operator;

-- The owner runs the trigger's own checks and the defaults of a migration.
grant execute on all functions in schema app, app_private to zixly_owner;
