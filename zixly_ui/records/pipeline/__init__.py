"""Forms, tables and texts for leads.

lead_forms       recording lead events
lead_tables      leads and their events
funnel_view      the funnel as a chart and a table
funnel_text      the funnel in words
pipeline_tables  the open leads by stage and one by one
pipeline_text    the pipeline in words
lost_reasons     why leads were lost, a section of the funnel
stage_forms      adding and renaming stages
stage_actions    moving, merging, retiring and restoring stages
stage_text       the stages as rows of a table
"""
