"""Each permitted action, performed.

office    a team with one record of each kind, and what arguments are made of
actions   performing an action
delivery  the arguments of actions on metrics
pipeline  the arguments of actions on leads
"""
