"""HTTP beside Streamlit: middleware, routes, download addresses.

middleware       security headers, sessions for downloads, TCP_NODELAY
session_routes   opening and closing a session; our files
uploads          who may send a file, how large, and how long it is kept
upload_budget    bytes of uploads per person and process
link_routes      links from mail, without their token in an address
download_links   addresses of files and their buttons
download_routes  GET /download/{table}.csv

Stands on audit (its file) and components.
"""
