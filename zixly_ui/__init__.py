"""Zixly's user interface: what pages share. The pages themselves are in `pages/`.

main          the script behind every page
sidebar       who is signed in, printing, signing out
findings      findings, and the first steps of a new organisation
month         a month of all clients in grids; closing months
records       forms, tables and texts for records
reports       profitability, what changed, where a figure comes from
organisation  settings of the organisation, removing the demo
account       signing in, links from mail, one's own account
imports       the import page
rates         exchange rates
team          members and invitations
http          middleware, routes, download addresses
edge          what visitors without a session may take: connections, windows, messages
audit         the audit trail in words
charts        figures in one look
components    forms, tables, filters, cards, formatting
shell         session, menu, URL state, errors
assets        style sheets, scripts and logos

Each folder may import those below it and `zixly_data`; import-linter checks that
(`pyproject.toml`).
"""
