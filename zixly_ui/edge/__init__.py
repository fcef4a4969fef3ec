"""The edge of the process: how much of it somebody without an account can use.

    batches          a page's messages in batches
    budget           shares of something scarce, fair between the owners of its parts
    connections      HTTP connections: deadlines, and the connections of strangers
    descriptors      file descriptors: raising the limit, and dividing them
    guard            the budgets of this process, and the limits they come from
    log_lines        one line a minute for a message that repeats
    rates            how often one address may do something
    server           uvicorn with the protocols of this folder
    stored_windows   windows whose connection was lost, kept for a short time
    theme_message    the theme in the first message of a run, put together once
    websockets       WebSocket connections: the size of a message
    windows          the middleware that distinguishes the windows of people and of strangers

A *stranger* is a connection that has shown no valid session. A *window* is one open page in a
browser: Streamlit keeps a WebSocket and a session for each.
"""
