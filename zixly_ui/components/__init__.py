"""Components: what pages are put together from.

formatting           money, percentages, dates and counts as text
forms                entry forms and confirmations
fields               the default boxes of the fields of a table
organisation_fields  the fields of an organisation, at set-up and in its settings
record_dialog        a form over the page for one record
conflict             two versions of a record side by side
tables               tables of records
downloads            buttons for a table as CSV and as a workbook
paging               500 rows of a long list at a time
filters              period and client filters
overhead_filter      the filter of overheads
comparison_choice    the period to compare with
currency_choice      own currencies or one converted
cards                headline, cards, empty states
saved_views          the control for saved views
printing             a page on paper
printed_tables       whole tables on paper

Stands on shell.
"""
