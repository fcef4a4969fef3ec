"""Records: what people enter about clients and the business, one noun a module.

clients               client_kpis: the businesses served
client_conditions     a client filter, and the status of a client, as SQL conditions
client_merges         merging clients, and undoing it
merge_preview         what merging clients does, in words
financials            revenue and expenses on a date
possible_duplicates   records of a client and month with the same amounts
overheads             revenue and expenses of no client, and assigning them to one
currencies_in_use     the currencies that an organisation uses
delivery              metrics and their values
pipeline              leads, their events and stages
exchange_rates        monthly exchange rates
exchange_rate_drafts  one exchange rate, parsed
date_notes            notes on dates, shown on charts
closed_months         closing and reopening months
month_entry           a month as grids
month_cells           cells of these grids, parsed
bulk_saving           saving a grid in one transaction
seen_records          the records of a month that a grid has read

Stands on people.
"""
