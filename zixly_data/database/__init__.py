"""The database: connections, their identity, the schema and its migrations.

connection       scoped, reading and reporting transactions of an identity
pool             pooled connections: one statement at a time, nothing left behind
schema           tables and columns for queries
constraints      a sentence for each rule of the database
refusals         PostgreSQL errors as our errors
sqlstates        the meaning of each error code
versioned_rows   add, change and delete one row with optimistic locking
statement_cache  statements compiled once per tenant and arguments
hash_joins       a planner setting for comparing many rows
migration        bringing a database to this version (revisions/)
replay           functions of any earlier version made those of this one
integrity        reading every table and page once
administration   engine and scripts of the administrator
reachability     whether the database answers, for monitors
logins           addresses and passwords of the two logins

Stands on postgres and values. Only this folder opens connections or sets role and context.
"""
