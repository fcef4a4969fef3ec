"""Findings: what is worth a look, and the records behind it.

finding              the frame and key of a finding
kind                 all that makes up a kind of finding
contracts_and_bills  kinds: contradictions between leads and revenue
missing_records      kinds: clients, months and metrics without records
recent_months        kinds: losses and shrinking clients
possible_duplicates  kind: records with the same amounts in a month
possible_twins       kind: clients with one name
stale_leads          kind: leads that do not move
concentration        kind: dependence on one client
definitions          all kinds
contradictions       the findings about records that disagree with each other
attention            the other findings
ranking              all findings by the money at stake
evidence             the records behind a finding
dismissals           findings that people have dismissed

Stands on figures.
"""
