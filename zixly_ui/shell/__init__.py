"""The frame of every page: identity, menu, URL state, errors.

session          require_identity(), the guard in the first line of a page
navigation       the menu and the addresses of pages
url_state        filters and choices in the address
page_links       links from a figure to its records
request_headers  cookie and address of the browser
retrying         waiting while the database is away
errors           failures as one sentence and an advice
uploaded_files   taking an uploaded file out of memory
markdown         text escaped for Markdown
assets           the folder of style sheets and scripts

Stands on zixly_data.
"""
