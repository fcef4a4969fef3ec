"""HTTP beside Streamlit: middleware, routes, download addresses.

middleware       security headers, sessions for downloads, TCP_NODELAY
session_routes   opening and closing a session; our files
link_routes      links from mail, without their token in an address
download_links   addresses of files and their buttons
download_routes  GET /download/{table}.csv

Stands on audit (its file) and components.
"""
