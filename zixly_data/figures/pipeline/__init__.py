"""Pipeline: what lead events say about sales.

funnel  leads per stage, durations, values
"""
