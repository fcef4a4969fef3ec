"""The app: `python app.py`, `streamlit run app.py`, or any ASGI server with `app:app`.

`python app.py` listens on the port in the settings; the other two take the port from their own
options. `.streamlit/config.toml` applies to all three. Only `python app.py` limits what visitors
without a session may take (`zixly_ui/edge/`); uvicorn does with the options `--http
zixly_ui.edge.connections:GuardedHttp --ws zixly_ui.edge.websockets:GuardedWebSocket`. Start any
other server with X-Forwarded-For switched off (`uvicorn --no-proxy-headers`): TRUSTED_PROXIES
decides which proxies are trusted.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import os
import pkgutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import ModuleType

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from streamlit import runtime

import zixly_data
import zixly_ui
from zixly_data.access import sessions
from zixly_data.database import connection, reachability
from zixly_data.errors import ZixlyError
from zixly_data.settings import settings
from zixly_ui.edge import batches, log_lines, server, stored_windows, theme_message
from zixly_ui.edge.guard import guard
from zixly_ui.edge.windows import Windows
from zixly_ui.http import (
    addresses,
    compressed_files,
    download_routes,
    health_route,
    hosts,
    index_page,
    link_routes,
    metrics_access,
    middleware,
    session_routes,
    uploads,
)
from zixly_ui.shell import errors

# Seconds for which a thread keeps Python's lock while others wait. A click needs the lock again
# after each of some hundred messages and answers of the database; with Python's 5 ms, one person's
# import makes each of them wait so long (`bench/README.md`, "Imports and neighbours").
TURN = 0.0005


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Open the database before the first request and close it after the last one."""
    await run_in_threadpool(connection.open_database)
    await run_in_threadpool(preload_modules)
    sys.setswitchinterval(TURN)
    log_lines.limit()
    batches.send_in_batches()
    theme_message.remember()
    storing = asyncio.create_task(
        stored_windows.keep_for_runtime(runtime.get_instance(), guard().shares)
    )
    try:
        yield
    finally:
        storing.cancel()
        await run_in_threadpool(connection.close_database)


def preload_modules() -> None:
    """Load every module a page needs, and pandas and Plotly with them, before the first request."""
    # streamlit-authenticator declares components outside a script, and Streamlit warns of each.
    warnings = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    warnings.disabled = True
    for package in (zixly_data, zixly_ui):
        _load_below(package)
    warnings.disabled = False
    # A full collection of garbage walks every object and holds Python's lock: 230 ms for those of
    # the modules, whenever an import makes many objects. They stay as long as the app: skip them.
    gc.collect()
    gc.freeze()


# The main script runs per page, the command line in processes of its own.
NOT_PRELOADED = {
    "zixly_ui.main",
    "zixly_data.__main__",
    "zixly_data.cli",
    "zixly_data.operations",
}


def _load_below(package: ModuleType) -> None:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if module.name not in NOT_PRELOADED:
            loaded = importlib.import_module(module.name)
            if module.ispkg:
                _load_below(loaded)


# Left to itself, uvicorn takes the word of whatever connects from this machine, a tunnel say, which
# passes on what anybody wrote: they would have another address at every attempt to sign in.
os.environ["FORWARDED_ALLOW_IPS"] = ""

routes = [
    *session_routes.routes(settings()),
    *link_routes.routes(settings()),
    *download_routes.routes(),
    *health_route.routes(reachability.is_reachable),
]

app = st.App(
    Path(__file__).parent / "zixly_ui" / "main.py",
    lifespan=lifespan,
    routes=routes,
    middleware=[
        Middleware(middleware.SecurityHeaders),
        Middleware(hosts.HostsAndOrigins, settings=settings()),
        Middleware(addresses.KnownAddresses, routes=routes),
        Middleware(index_page.IndexPage),
        Middleware(compressed_files.CompressedFiles, files=compressed_files.files_for_everybody()),
        Middleware(metrics_access.OperatorRequired, settings=settings()),
        Middleware(middleware.SessionRequired, identify=sessions.identify),
        Middleware(uploads.Uploads, identify=sessions.identify, settings=settings()),
        Middleware(Windows, identify=sessions.identify),
    ],
    on_script_error=errors.show_error,
)


def serve() -> str | None:
    """Serve until Ctrl-C; return a sentence with the reason if the app cannot start."""
    try:
        port = settings().port
        if not port_is_free(port):
            return f"Port {port} is already in use. Choose another: PORT={port + 1} make run"
        connection.open_database()
    except ZixlyError as error:
        return f"{error} {error.advice}"
    # uvicorn shuts down completely before it raises KeyboardInterrupt.
    with suppress(KeyboardInterrupt):
        server.run(app, port)
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
