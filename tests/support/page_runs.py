"""Pages of the app run for a person without a browser, through the main script and its menu.

    page = open_page(team.editor, "financials", period="all")
    page.press("Record figures")
    page.fill(Revenue="1,234.50")
    page.press("Save")
    assert "Saved: …" in page.text

A press inside a dialog runs the dialog alone, as it does in a browser. Left out is what only a
browser does: setting cookies, the keyboard, clicks on a canvas, Back, print, a screen's width.
"""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.context import ContextProxy
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.testing.v1 import AppTest, app_test, element_tree
from streamlit.testing.v1.element_tree import (
    Block,
    Dataframe,
    Element,
    ElementTree,
    Node,
    Selectbox,
    parse_tree_from_messages,
)
from streamlit.testing.v1.local_script_runner import LocalScriptRunner
from streamlit.util import calc_hash

from zixly_data.access import sessions
from zixly_data.identity import Identity
from zixly_ui.components.forms import EntryForm
from zixly_ui.http import download_routes
from zixly_ui.shell import errors
from zixly_ui.shell.navigation import MENU
from zixly_ui.shell.request_headers import COOKIE, LINK_COOKIE

MAIN = Path(__file__).parents[2] / "zixly_ui" / "main.py"
_ADDRESSES = {
    entry.file.removesuffix(".py"): entry.url_path for some in MENU.values() for entry in some
}
_FIELDS = ("text_input", "text_area", "selectbox", "radio", "checkbox", "toggle", "multiselect",
           "button_group")  # fmt: skip
_FIRST_ADDRESS = IPv4Address("198.18.0.1")
_numbers = itertools.count()
_ESCAPES = re.compile(r"\\([!-/:-@\[-`{-~])")


class PageRun:
    """One page in one browser: what it shows, and what a person does on it."""

    def __init__(
        self, secret: str | None, page: str, query: Mapping[str, Any], link: str | None = None
    ) -> None:
        self.cookies = {} if secret is None else {COOKIE: secret}
        if link is not None:
            self.cookies[LINK_COOKIE] = link
        # Of its own, for failed attempts at signing in slow an address down.
        self.ip_address = str(_FIRST_ADDRESS + next(_numbers))
        self.app = AppTest.from_file(str(MAIN), default_timeout=60)
        self.messages: list[ForwardMsg] = []
        self.files: dict[str, Any] = {}
        self.go(page, **query)

    # ── what is done ────────────────────────────────────────────────────────────────────────
    def go(self, page: str, **query: Any) -> PageRun:
        """Open another page by its link, with these words in its address."""
        self.app._page_hash = "" if page == "overview" else calc_hash(_ADDRESSES[page])
        self.app.query_params = query
        return self._run(ElementTree())

    def reload(self) -> PageRun:
        """Run the page again, with what has been typed and chosen."""
        return self._run(self.app._tree)

    def follow(self, label: str) -> PageRun:
        """Press a link to another page, the first of this name."""
        link = next(each for each in self.app.get("page_link") if label in each.proto.label)
        self.app._page_hash = link.proto.page_script_hash
        self.app.query_params = parse_qs(link.proto.query_string)
        return self._run(ElementTree())

    def press(self, label: str, nth: int = 0) -> PageRun:
        """Press a button."""
        button = self.buttons(label)[nth]
        button.click()
        return self._run(self.app._tree, self._fragment_of(button.proto.id))

    def fill(self, *named: tuple[str, str], **texts: str) -> PageRun:
        """Type into fields of the open form, by the beginning of their label: `_` is a blank."""
        for label, text in (*named, *texts.items()):
            self.field(label.replace("_", " ")).set_value(text)
        return self

    def enter(self, label: str, text: str) -> PageRun:
        """Type into a field outside of a form, and press Enter."""
        field = self.field(label)
        field.set_value(text)
        return self._run(self.app._tree, self._fragment_of(field.proto.id))

    def press_twice(self, label: str) -> PageRun:
        """Press a form's button again before the page has answered the first time."""
        with mock.patch.object(EntryForm, "saved", lambda *_: None):
            self.press(label, nth=-1)
        return self.press(label, nth=-1)

    def choose(self, label: str, option: Any) -> PageRun:
        """Choose an option of a field, by the text that is shown; outside of a form the page runs."""
        field = self.field(label)
        options = [each if isinstance(each, str) else each.content for each in field.proto.options]
        known = [shown(each) for each in options]
        if option is None:
            field.set_value(None)
        elif field.type in ("radio", "selectbox"):
            (place,) = [n for n, each in enumerate(known) if each == option] or [None]
            field.set_value(option) if place is None else field.select_index(place)
        else:
            field.set_value(option)
        if field.proto.form_id:
            return self
        return self._run(self.app._tree, self._fragment_of(field.proto.id))

    def tick(self, label: str) -> PageRun:
        """Tick a box; outside of a form the page runs."""
        box = self.field(label)
        box.check()
        if box.proto.form_id:
            return self
        return self._run(self.app._tree, self._fragment_of(box.proto.id))

    def click_row(self, row: int, below: str = "") -> PageRun:
        """Click a row of the first table, or of the first below a heading with these words."""
        table = self.table(below)
        self.app.session_state[table.key] = {
            "selection": {"rows": [row], "columns": [], "cells": []}
        }
        return self._run(self.app._tree)

    def edit(self, cells: Mapping[int, Mapping[str, Any]]) -> PageRun:
        """Change cells of the page's grid, by row and name of the column."""
        (grid,) = self.app.data_editor
        state = self.app.session_state
        before = state[grid.key]["edited_rows"] if grid.key in state else {}
        rows = {row: {**before.get(row, {}), **cells.get(row, {})} for row in {*before, *cells}}
        edited = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
        sent = WidgetState(id=grid.proto.id, string_value=json.dumps(edited))
        return self._run(self.app._tree, self._fragment_of(grid.proto.id), sent)

    def give(self, name: str, content: str | bytes, nth: int = 0) -> PageRun:
        """Hand the page a file."""
        data = content.encode() if isinstance(content, str) else content
        field = self.app.file_uploader[nth]
        field.set_value((name, data, "application/octet-stream"))
        return self._run(self.app._tree, self._fragment_of(field.proto.id))

    def send(self) -> str:
        """Do what the browser does with the form the page has it send; returns where it leads."""
        (form,) = [each.value for each in self.app.get("html") if "data-zixly-send" in each.value]
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        if 'action="/session/open"' in form:
            self.cookies[COOKIE] = sessions.redeem_ticket(
                html.unescape(fields["ticket"]), "127.0.0.1", "Chrome/126.0 Linux"
            )
        else:
            sessions.end_session(self.cookies.pop(COOKIE))
        return html.unescape(fields.get("next", ""))

    def close(self) -> PageRun:
        """Close the open dialog."""
        (dialog,) = self.app.get("dialog")
        pressed = WidgetState(id=dialog.proto.dialog.id, trigger_value=True)
        return self._run(self.app._tree, sent=pressed)

    # ── what is shown ───────────────────────────────────────────────────────────────────────
    @property
    def text(self) -> str:
        """All that can be read on the page, a dialog over it included; not the sidebar."""
        return "\n".join(texts_of(self.app.main) + texts_of(self.app._tree[2]))

    @property
    def sidebar(self) -> str:
        return "\n".join(texts_of(self.app.sidebar))

    @property
    def title(self) -> str:
        return "\n".join(shown(each.value) for each in self.app.title)

    @property
    def headings(self) -> list[str]:
        """Headings below the title, from the top."""
        return [shown(each.value) for each in [*self.app.header, *self.app.subheader]]

    @property
    def dialog(self) -> str:
        """All that can be read in the open dialog; empty where none is open."""
        return "\n".join("\n".join(texts_of(each)) for each in self.app.get("dialog"))

    def part(self, key: str) -> str:
        """All that can be read in the container of this key; empty where there is none."""
        for each in nodes_of(self.app._tree):
            if isinstance(each, Block) and each._block_id.endswith(key):
                return "\n".join(texts_of(each))
        return ""

    @property
    def problems(self) -> list[str]:
        """The sentences beside the fields of a form, from the top."""
        marked = (each.value for each in self.app.markdown if each.value.startswith(":red["))
        return [_problem(each) for each in marked]

    def below(self, label: str) -> str:
        """The problem that stands right below a field."""
        elements = [each for each in nodes_of(self.app._tree) if isinstance(each, Element)]
        after = elements[elements.index(self.field(label)) + 1]
        return _problem(after.value) if after.type == "markdown" else ""

    @property
    def alerts(self) -> str:
        found = [*self.app.success, *self.app.info, *self.app.warning, *self.app.error]
        return "\n".join(shown(each.value) for each in found)

    @property
    def metrics(self) -> list[tuple[str, str]]:
        """Label and figure of each card."""
        return [(shown(each.label), shown(each.value)) for each in self.app.metric]

    @property
    def links(self) -> dict[str, str]:
        """Where each link of the page leads, by what it says."""
        return {
            shown(each.proto.label): f"/{each.proto.page}"
            + (f"?{each.proto.query_string}" if each.proto.query_string else "")
            for each in self.app.main.get("page_link")
        }

    @property
    def menu(self) -> list[str]:
        """Titles of the pages in the menu."""
        (said,) = [each.navigation for each in self.messages if each.HasField("navigation")][-1:]
        return [each.page_name for each in said.app_pages if not each.is_hidden]

    @property
    def address(self) -> str:
        """The page's address with its query."""
        (pages,) = [each.navigation for each in self.messages if each.HasField("navigation")][-1:]
        (page,) = [
            each for each in pages.app_pages
            if each.page_script_hash == self.app._finished_page_script_hash
        ] or [None]  # fmt: skip
        query = urlencode(self.app.query_params, doseq=True)
        return f"/{page.url_pathname if page else ''}" + (f"?{query}" if query else "")

    def buttons(self, label: str = "") -> list[Any]:
        """The buttons with this text, on the page and in the dialog over it."""
        return [
            each for each in self.app.button
            if (shown_on(each) == label if label else each.proto.id != "")
        ]  # fmt: skip

    def offers(self, label: str) -> bool:
        """Whether the page has this button, link, or file to download."""
        return bool(
            self.buttons(label)
            or label in self.links
            or label in [shown(each.label) for each in self.app.download_button]
            or self._file_links(label)
        )

    def field(self, label: str) -> Any:
        """The field with this label, or whose label begins so: in the open dialog, or the page."""
        for part in (*self.app.get("dialog"), self.app._tree):
            fields = [each for each in nodes_of(part) if each.type in _FIELDS]
            for is_meant in (str.__eq__, str.startswith):
                for each in fields:
                    if is_meant(shown(each.label), label):
                        return each
        raise AssertionError(f"There is no field {label!r}")

    def typed(self, *labels: str) -> tuple[Any, ...]:
        """What stands in these fields."""
        return tuple(self.field(label).value for label in labels)

    def chosen(self, label: str) -> str | None:
        """The option that is chosen in a field, as it is shown."""
        field = self.field(label)
        place = field.index
        return None if place is None else shown(field.options[place])

    def table(self, below: str = "") -> Dataframe:
        """The first table, or the first below a heading with these words."""
        ready = not below
        for each in nodes_of(self.app.main):
            ready = ready or (each.type in ("subheader", "header") and below in shown(each.value))
            if ready and isinstance(each, Dataframe):
                return each
        raise AssertionError(f"There is no table below {below!r}")

    def rows(self, below: str = "") -> list[dict[str, Any]]:
        """The rows of a table by the names of its columns, as the browser gets them."""
        found = self.table(below).value
        rows: list[dict[str, Any]] = found.to_dict("records")
        return rows

    def charts(self) -> list[dict[str, Any]]:
        return [json.loads(each.proto.spec) for each in self.app.get("plotly_chart")]

    def file(self, label: str = "Download CSV", nth: int = 0) -> str:
        """The text of the file behind a button or a link."""
        links = self._file_links(label)
        if links:
            place = urlsplit(links[nth])
            what = place.path.removeprefix("/download/").removesuffix(".csv")
            written, _ = download_routes._written(
                self.cookies[COOKIE], what, parse_qsl(place.query, keep_blank_values=True)
            )
            return b"".join(written.pieces()).decode()
        content = self.files[label]
        with self._present():
            found = content() if callable(content) else content
        return found if isinstance(found, str) else found.decode()

    def downloaded(self, label: str = "Download CSV", nth: int = 0) -> list[dict[str, str]]:
        """The rows of the file behind a button or a link."""
        return list(csv.DictReader(io.StringIO(self.file(label, nth), newline="")))

    # ── how it is run ───────────────────────────────────────────────────────────────────────
    def _file_links(self, label: str) -> list[str]:
        found = []
        for each in self.app.get("html"):
            link = re.search(r'<a class="zixly-download" href="([^"]+)".*</span>(.*)</a>', each.value)
            if link and html.unescape(link[2]) == label:
                found.append(html.unescape(link[1]))
        return found

    def _fragment_of(self, widget: str) -> str | None:
        for each in self.messages:
            element = each.delta.new_element
            kind = element.WhichOneof("type")
            if kind and getattr(getattr(element, kind), "id", None) == widget:
                return each.delta.fragment_id or None
        return None

    def _run(
        self, tree: ElementTree, fragment: str | None = None, sent: WidgetState | None = None
    ) -> PageRun:
        with mock.patch.object(Selectbox, "_widget_state", property(_chosen)):
            states = tree.get_widget_states() if tree.children else WidgetStates()
        if sent is not None:
            states.widgets.append(sent)
        page = self

        class Runner(LocalScriptRunner):
            """Runs the dialog alone where something in it was pressed."""

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
                    # Only the main script says which pages there are.
                    self._pages_manager._set_pages(page.app._registered_pages)
                super().run(*args, **named)
                page._keep(self.forward_msgs(), self._only())
                return parse_tree_from_messages(page.messages)

            def _only(self) -> list[str] | None:
                started = [
                    each["fragment_ids_this_run"] for each in self.event_data
                    if "fragment_ids_this_run" in each
                ]  # fmt: skip
                return started[-1] if started else None

        with self._present(), mock.patch.object(app_test, "LocalScriptRunner", Runner):
            self.app._run(states)
        assert not self.app.exception, self.app.exception[0]
        return self

    def _keep(self, messages: list[ForwardMsg], only: list[str] | None) -> None:
        """Take what a run has drawn: all of the page, or what belongs to its dialog."""
        if only is None:
            self.messages = list(messages)
            return
        self.messages = [
            each for each in self.messages if each.delta.fragment_id not in only
        ] + list(messages)

    @contextmanager
    def _present(self) -> Iterator[None]:
        """This browser's cookies, and its buttons' files kept, for as long as a script runs."""
        draw, files = st.download_button, self.files

        def download_button(label: str, data: Any, *args: Any, **named: Any) -> bool:
            files[label] = data
            return draw(label, data, *args, **named)

        with (
            mock.patch.object(ContextProxy, "cookies", property(lambda _: self.cookies)),
            mock.patch.object(ContextProxy, "headers", property(lambda _: {})),
            mock.patch.object(ContextProxy, "ip_address", property(lambda _: self.ip_address)),
            mock.patch.object(st, "download_button", download_button),
        ):
            yield


def _chosen(box: Selectbox[Any]) -> WidgetState:
    """What a browser sends of a list, in which a person may type what is not listed."""
    if box.value is None:
        return WidgetState(id=box.id)
    text = element_tree._format_value_for_widget(box.format_func, box.value)
    return WidgetState(id=box.id, string_value=text)


def open_page(person: Identity | str | None, page: str, **query: Any) -> PageRun:
    """Open a page as a signed-in person, by a session's secret, or as somebody not signed in.

    `query` is the page's address after the question mark; a name Python keeps for itself ends in
    an underscore (`from_`).
    """
    secret = person.secret if isinstance(person, Identity) else person
    return PageRun(secret, page, {name.rstrip("_"): value for name, value in query.items()})


def open_link_page(page: str, token: str, person: Identity | None = None) -> PageRun:
    """Open a page as by a link that has been opened in this browser."""
    return PageRun(person.secret if person else None, page, {}, token)


def shown(text: str) -> str:
    """A text without its Markdown escapes."""
    return _ESCAPES.sub(r"\1", text)


def _problem(markdown: str) -> str:
    return shown(markdown).removesuffix("]").partition(":material/error: ")[2]


def shown_on(button: Any) -> str:
    label = re.sub(r"^:red\[(.*)\]$", r"\1", button.proto.label)
    return shown(label)


def nodes_of(node: Node) -> Iterator[Node]:
    """A part of the page with all that is in it, from the top."""
    yield node
    if isinstance(node, Block):
        for _, child in sorted(node.children.items()):
            yield from nodes_of(child)


def texts_of(node: Node) -> list[str]:
    """What can be read in a part of the page, from the top."""
    texts: list[str] = []
    for each in nodes_of(node):
        proto = getattr(each, "proto", None)
        if each.type == "metric":
            texts += [proto.label, proto.body, proto.delta, proto.delta_description]
        elif each.type == "html":
            readable = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", each.value, flags=re.S)
            texts.append(html.unescape(re.sub(r"<[^>]*>", " ", readable)))
            continue
        elif each.type in ("expandable", "expander", "tab", "dialog", "popover"):
            inner = proto if hasattr(proto, "label") else getattr(proto, each.type, proto)
            texts.append(getattr(inner, "label", "") or getattr(inner, "title", ""))
        elif isinstance(each, Dataframe):
            drawn = each.value
            texts += [str(cell) for row in drawn.to_numpy(dtype=object) for cell in row]
        elif isinstance(each, Element):
            for part in ("label", "body", "caption", "placeholder", "code_text", "text"):
                value = getattr(proto, part, "")
                if isinstance(value, str) and value:
                    texts.append(value)
    return [shown(each) for each in texts if each]
