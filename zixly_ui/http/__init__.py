"""HTTP beside Streamlit: middleware, routes, download addresses.

hosts              requests for other hosts, and from other sites' pages
origins            the rule of hosts and origins
addresses          the list of known addresses; 404 and 405 for all others
index_page         Streamlit's index page with our styles
compressed_files   static files sent compressed
compressed_copies  compressed copies, in memory and stored
metrics_access     metrics for the operator alone
middleware         security headers, sessions for downloads
refused            refusals as a page or application/problem+json
health_route       GET /healthz
session_routes     opening and closing a session; our files
uploads            who may send a file, how large, and how long it is kept
upload_budget      bytes of uploads per person and process
link_routes        links from mail, without their token in an address
download_links     addresses of files and their buttons
download_routes    GET /download/{table}.csv and .xlsx

Stands on audit (its file) and components.
"""
