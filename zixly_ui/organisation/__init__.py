"""The page of an organisation's settings.

settings_form  name, industry, time zone, currency, financial year
demo_section   removing the demo

Stands on account.
"""
