"""Values: amounts, dates, periods and names, parsed and checked exactly. No database, no settings.

amounts          money and numbers as people type them, without binary floats
amount_formats   the ways to write an amount: currencies, signs, decimal marks
dates            calendar dates as people type them
times            times of day, kept as instants
period           periods with a name: month, quarter, financial year, custom
calendar_period  the days of a period, and its months
comparison       the like-for-like period to compare with
currencies       ISO 4217 codes
currency_names   names and signs of currencies, as programs write them
time_zones       tz database names
names            names and notes, with their limits
sources          where a record comes from, and who may write it
ids              ids with a prefix, ordered by time
client_filter    a selection of clients, as frozen data
overhead_filter  a selection of overheads, as frozen data
frames           query results as validated frames
paging           one page of a long list
"""
