"""The app: `python app.py`, `streamlit run app.py`, or any ASGI server with `app:app`.

`python app.py` listens on the port in the settings; the other two take the port from their own
options. `.streamlit/config.toml` applies to all three. Start any other server with X-Forwarded-For
switched off (`uvicorn --no-proxy-headers`): TRUSTED_PROXIES decides which proxies are trusted.
"""

from __future__ import annotations

import importlib
import logging
import os
import pkgutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

import zixly_ui
from zixly_data.access import sessions
from zixly_data.database import connection
from zixly_data.errors import ZixlyError
from zixly_data.settings import settings
from zixly_ui.http import download_routes, link_routes, middleware, session_routes
from zixly_ui.shell import errors


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Open the database before the first request and close it after the last one."""
    await run_in_threadpool(connection.open_database)
    await run_in_threadpool(preload_modules)
    try:
        yield
    finally:
        await run_in_threadpool(connection.close_database)


def preload_modules() -> None:
    """Import pandas, Plotly and our own modules now, so that the first visitor need not wait."""
    # streamlit-authenticator declares components that are never drawn. Outside a script Streamlit
    # warns about each of them.
    warnings = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    warnings.disabled = True
    for module in pkgutil.walk_packages(zixly_ui.__path__, "zixly_ui."):
        if module.name != "zixly_ui.main":
            importlib.import_module(module.name)
    warnings.disabled = False


# By default uvicorn trusts X-Forwarded-For from any peer on this machine. A tunnel running here
# would pass on a forged header, which gives an attacker a new address for every sign-in attempt.
os.environ["FORWARDED_ALLOW_IPS"] = ""

app = st.App(
    Path(__file__).parent / "zixly_ui" / "main.py",
    lifespan=lifespan,
    routes=[
        *session_routes.routes(settings()),
        *link_routes.routes(settings()),
        *download_routes.routes(),
    ],
    middleware=[
        Middleware(middleware.NoDelay),
        Middleware(middleware.SecurityHeaders),
        Middleware(middleware.SessionRequired, identify=sessions.identify),
    ],
    on_script_error=errors.show_error,
)


def serve() -> str | None:
    """Serve until Ctrl-C; return a sentence with the reason if the app cannot start."""
    try:
        port = settings().port
        if not port_is_free(port):
            return f"Port {port} is taken on this machine. Choose another: PORT={port + 1} make run"
        connection.open_database()
    except ZixlyError as error:
        return f"{error} {error.advice}"
    # uvicorn shuts down completely before it raises KeyboardInterrupt.
    with suppress(KeyboardInterrupt):
        app.run(config={"server.port": port})
    return None


def port_is_free(port: int) -> bool:
    """Return whether this process may listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(serve())
