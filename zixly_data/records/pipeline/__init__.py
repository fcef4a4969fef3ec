"""Pipeline: enquiries on their way to a contract.

leads          lead events
lead_stages    the stages in their order, and what the events of each count as
stage_changes  adding, renaming, moving, merging and retiring stages
lead_order     which of two events of a lead is the later one
lead_states    each lead as its events leave it
"""
