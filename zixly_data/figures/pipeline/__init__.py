"""Pipeline: what lead events say about sales.

steps         the steps of the funnel, and the leads that a view of it counts at each
visits        visits of leads to stages, and the time they spend there
funnel        leads per step, what became of them, their times and values
win_rate      leads won, lost and open, and the win rates
stage_limits  how long a lead may have no event at each step before it counts as stalled
open_leads    the pipeline: open leads by stage, and their expected value
lost_reasons  why leads were lost
"""
