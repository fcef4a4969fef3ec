"""Pipeline: enquiries on their way to a contract.

leads        lead events and stages
lead_order   which of two events of a lead is the later one
lead_stages  the stages that events count at
lead_states  each lead as its events leave it
"""
