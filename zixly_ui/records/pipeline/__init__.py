"""Forms, tables and texts for leads.

lead_forms   recording lead events
lead_tables  leads and their events
funnel_text  the funnel in words
"""
