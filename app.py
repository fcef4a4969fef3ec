"""The app: `python app.py`, `streamlit run app.py`, or any ASGI server with `app:app`.

`python app.py` listens on the port in the settings; the others take theirs from their own
options. `.streamlit/config.toml` applies to all three. Start another server so that it does not
believe X-Forwarded-For by itself (`uvicorn --no-proxy-headers`): TRUSTED_PROXIES decides.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

import zixly_ui
from zixly_data import auth, connection
from zixly_data.errors import ZixlyError
from zixly_data.settings import settings
from zixly_ui import errors, link_routes, middleware, web


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Open the database before the first request, close it after the last one."""
    await run_in_threadpool(connection.open_database)
    await run_in_threadpool(import_what_pages_share)
    try:
        yield
    finally:
        await run_in_threadpool(connection.close_database)


def import_what_pages_share() -> None:
    """Load pandas, Plotly and our own modules now, so that the first person need not wait."""
    for module in pkgutil.iter_modules(zixly_ui.__path__):
        if module.name != "main":
            importlib.import_module(f"zixly_ui.{module.name}")


# Left to itself, uvicorn takes the word of whatever connects from this machine, a tunnel say, which
# passes on what anybody wrote: they would have another address at every attempt to sign in.
os.environ["FORWARDED_ALLOW_IPS"] = ""

app = st.App(
    Path(__file__).parent / "zixly_ui" / "main.py",
    lifespan=lifespan,
    routes=[*web.routes(settings()), *link_routes.routes(settings())],
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
