"""Pipeline: what lead events say about sales.

funnel        leads per stage, durations, values
lost_reasons  why leads were lost
"""
