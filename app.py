"""The app: `python app.py`, `streamlit run app.py`, or any ASGI server with `app:app`.

`python app.py` listens on the port in the settings; the others take theirs from their own
options. `.streamlit/config.toml` applies to all three.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from zixly_data import auth, connection
from zixly_data.errors import ZixlyError
from zixly_data.settings import settings
from zixly_ui import errors, middleware, web


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Open the database before the first request, close it after the last one."""
    await run_in_threadpool(connection.open_database)
    try:
        yield
    finally:
        await run_in_threadpool(connection.close_database)


app = st.App(
    Path(__file__).parent / "zixly_ui" / "main.py",
    lifespan=lifespan,
    routes=web.routes(settings()),
    middleware=[
        Middleware(middleware.NoDelay),
        Middleware(middleware.SecurityHeaders),
        Middleware(middleware.SessionRequired, identify=auth.identify),
    ],
    on_script_error=errors.show_error,
)

if __name__ == "__main__":
    try:
        connection.open_database()
    except ZixlyError as error:
        sys.exit(f"{error} {error.advice}")
    app.run(config={"server.port": settings().port})
