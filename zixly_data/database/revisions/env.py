"""Alembic's entry: runs the revisions on the connection that `migration.migrate` holds."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="revision",
    version_table_schema="app_private",
    transaction_per_migration=False,
)
context.run_migrations()
