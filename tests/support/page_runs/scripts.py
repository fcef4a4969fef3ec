"""The main script as a browser runs it: with cookies, again at each press, dialogs separately.

Streamlit's AppTest runs the whole script at each press and discards the previous drawing. Here a
press inside a fragment (a dialog is one) runs the fragment, and the rest of the page stays.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from unittest import mock

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.context import ContextProxy
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.element_tree import (
    ElementTree,
    Radio,
    Selectbox,
    parse_tree_from_messages,
)
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from zixly_ui.components.downloads import EXCEL
from zixly_ui.shell import errors

MAIN = Path(__file__).parents[3] / "zixly_ui" / "main.py"
_FIRST_ADDRESS = IPv4Address("198.18.0.1")
_numbers = itertools.count()


class Script:
    """The main script in one browser, and everything it has drawn there.

    `cookies` are sent by the browser; `files` are the downloads of buttons, by their label, and
    `workbooks` those of the button for Excel beside it.
    """

    def __init__(self, cookies: dict[str, str]) -> None:
        self.cookies = cookies
        self.files: dict[str, Any] = {}
        self.workbooks: dict[str, Any] = {}
        self.messages: list[ForwardMsg] = []
        self.app = AppTest.from_file(str(MAIN), default_timeout=60)
        # Its own address, because failed attempts to sign in slow an address down.
        self._address = str(_FIRST_ADDRESS + next(_numbers))

    def open(self, page_hash: str, query: dict[str, Any]) -> None:
        """Run a page from the beginning, as a link does."""
        self.app._page_hash = page_hash
        self.app.query_params = query
        self._run(WidgetStates(), None)

    def run(self, pressed: str | None = None, sent: WidgetState | None = None) -> None:
        """Run the page again with typed values; if `pressed` is the id of a widget inside a
        fragment, only this. `sent` is the state of a widget that AppTest does not support."""
        with (
            mock.patch.object(Selectbox, "_widget_state", property(_chosen)),
            mock.patch.object(Radio, "_widget_state", property(_chosen)),
        ):
            states = self.app._tree.get_widget_states()
        if sent is not None:
            states.widgets.append(sent)
        self._run(states, self._fragment_of(pressed) if pressed else None)

    @contextmanager
    def browser(self) -> Iterator[None]:
        """Everything inside runs in this browser."""
        draw, files = st.download_button, self.files

        def download_button(label: str, data: Any, *args: Any, **named: Any) -> bool:
            if label == EXCEL:
                self.workbooks[list(files)[-1]] = data
            else:
                # The last one is the one drawn last.
                files.pop(label, None)
                files[label] = data
            return draw(label, data, *args, **named)

        with (
            mock.patch.object(ContextProxy, "cookies", property(lambda _: self.cookies)),
            mock.patch.object(ContextProxy, "headers", property(lambda _: {})),
            mock.patch.object(ContextProxy, "ip_address", property(lambda _: self._address)),
            mock.patch.object(st, "download_button", download_button),
        ):
            yield

    def _run(self, states: WidgetStates, fragment: str | None) -> None:
        script = self

        class Runner(LocalScriptRunner):
            def request_rerun(self, rerun_data: RerunData) -> bool:
                if fragment is not None:
                    # It starts with a request to run the whole page, which would win.
                    self._requests = ScriptRequests()
                    rerun_data = replace(rerun_data, fragment_id=fragment)
                return super().request_rerun(rerun_data)

            def run(self, *args: Any, **named: Any) -> ElementTree:
                # As in `app.py`.
                self._on_script_error = errors.show_error
                if fragment is not None:
                    # Only the main script declares the pages.
                    self._pages_manager._set_pages(script.app._registered_pages)
                super().run(*args, **named)
                script._keep(self.forward_msgs(), self._last_fragments())
                return parse_tree_from_messages(script.messages)

            def _last_fragments(self) -> list[str] | None:
                """The fragments of the last run; None if the whole page ran."""
                name = "fragment_ids_this_run"
                runs = [data[name] for data in self.event_data if name in data]
                return runs[-1] if runs else None

        with self.browser(), mock.patch.object(app_test, "LocalScriptRunner", Runner):
            self.app._run(states)
        assert not self.app.exception, self.app.exception[0]
        # The main script catches exceptions, and shows the number of an incident.
        failures = [
            alert.value for alert in self.app.error if "this incident number" in alert.value
        ]
        assert not failures, failures

    def _keep(self, messages: list[ForwardMsg], fragments: list[str] | None) -> None:
        """Take the drawing of a run: the whole page, or its fragments within the page."""
        rest = [] if fragments is None else self.messages
        self.messages = [
            message for message in rest if message.delta.fragment_id not in (fragments or ())
        ] + list(messages)

    def _fragment_of(self, widget: str) -> str | None:
        for message in self.messages:
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            if kind and getattr(getattr(element, kind), "id", None) == widget:
                return message.delta.fragment_id or None
        return None


def _chosen(field: Selectbox[Any] | Radio[Any]) -> WidgetState:
    """The value a browser sends for a list: the text of an option, or a text not listed."""
    if field.value is None:
        return WidgetState(id=field.id)
    is_text = field.value in list(field.options)
    text = field.value if is_text else field.format_func(field.value)
    return WidgetState(id=field.id, string_value=text)
