"""The embedded PostgreSQL: a real server in the data folder, started and stopped by the processes
that use it.

server    start(home), the shared server and its address
cluster   the data folder and its creation
process   starting, checking and stopping the postmaster
start_failure  why it did not start, from its log
binaries  the PostgreSQL programs and the account they run as
locks     locks between processes, released by the kernel

Stands on errors.
"""
