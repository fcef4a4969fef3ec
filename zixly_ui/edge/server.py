"""uvicorn with the protocols of this folder.

Streamlit starts uvicorn without a way to choose its options, so they are added where it lists them.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.web.server.starlette import starlette_server

from zixly_ui.edge import descriptors
from zixly_ui.edge.connections import GuardedHttp
from zixly_ui.edge.websockets import GuardedWebSocket

_options_of_streamlit = starlette_server._get_uvicorn_config_kwargs


def options() -> dict[str, Any]:
    """Return uvicorn's options: Streamlit's, with our connections and a short queue of new ones."""
    return {
        **_options_of_streamlit(),
        "http": GuardedHttp,
        "ws": GuardedWebSocket,
        "backlog": descriptors.BACKLOG,
    }


def run(app: st.App, port: int) -> None:
    """Serve the app until it is told to stop."""
    descriptors.raise_limit()
    vars(starlette_server)["_get_uvicorn_config_kwargs"] = options
    app.run(config={"server.port": port})
