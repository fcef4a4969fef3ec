"""Zixly's data-access package: scoped access to the data, and what the figures mean.

It knows no Streamlit and works without the app: from a notebook, the command line, an API.

cli         the command line: python -m zixly_data
operations  an installation: operator, doctor, demo
imports     files in: proposed first, confirmed, undone
exports     files out
findings    contradictions and what else is worth a look
figures     everything computed from records
records     what people enter about clients
people      tenants, team, invitations, saved views, audit trail
access      sessions, passwords, second factor, links, permissions
mail        messages and the SMTP server
database    connections, schema, migrations
postgres    the embedded PostgreSQL
tables      the columns that people fill, each described once
values      amounts, dates, periods, names, frames
settings    the environment, read once
os_errors   full disks, lost permissions and the like, in words
identity    tenant, user and role of a request
errors      everything that can go wrong on purpose, with advice

Each folder may import those below it; import-linter checks that (`pyproject.toml`).
"""
