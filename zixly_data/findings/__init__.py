"""Findings: what is worth a look, and the records behind it.

definitions          titles and meanings of the kinds
finding              the frame and key of a finding
contradictions       records that disagree with each other
contracts_and_bills  statements of contradictions between leads and revenue
missing_records      statements of missing records
attention            losses, shrinking clients, stale leads, concentration
ranking              all findings by the money at stake
evidence             the records behind a finding
dismissals           findings put away as fine

Stands on figures.
"""
