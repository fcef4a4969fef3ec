"""Pages of the app run for a person without a browser, through the main script and its menu.

    page = open_page(team.editor, "financials", period="all")
    page.press("Record figures").fill(Revenue="1,234.50").press("Save")
    assert "Saved: …" in page.alerts

Only a browser covers setting cookies, the keyboard, clicks on a canvas, Back,
printing, and the width of a screen.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Mapping
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import openpyxl
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.Navigation_pb2 import Navigation
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Dataframe, Element
from streamlit.util import calc_hash

from tests.support.page_runs.scripts import Script
from tests.support.page_runs.texts import nodes_of, shown, texts_of, without_red
from zixly_data.access import sessions
from zixly_data.exports.csv_file import BYTE_ORDER_MARK
from zixly_data.exports.file_format import FileFormat
from zixly_data.identity import Identity
from zixly_ui.components.forms import EntryForm
from zixly_ui.http import download_routes, link_routes
from zixly_ui.shell.navigation import MENU
from zixly_ui.shell.request_headers import COOKIE, LINK_COOKIE

_ADDRESSES = {
    entry.file.removesuffix(".py"): entry.url_path for entries in MENU.values() for entry in entries
}
_FIELDS = ("text_input", "text_area", "selectbox", "radio", "checkbox", "toggle", "multiselect",
           "button_group")  # fmt: skip
_FILE_LINK = re.compile(
    r'<a class="zixly-download" href="([^"]+)"[^>]*>(?:<span.*?</span>)?([^<]*)</a>'
)


def open_page(person: Identity | str | None, page: str, **query: Any) -> PageRun:
    """Open a page as a signed-in person, by a session's secret, or signed out.

    `query` is the address after the question mark; a name that is a keyword of Python ends in an
    underscore (`from_`).
    """
    secret = person.secret if isinstance(person, Identity) else person
    cookies = {} if secret is None else {COOKIE: secret}
    return PageRun(cookies).go(page, **query)


def open_link_page(page: str, link: str, person: Identity | None = None) -> PageRun:
    """Open a page in a browser that has opened a link: `invitation.TOKEN`."""
    cookies = {LINK_COOKIE: link} if person is None else {LINK_COOKIE: link, COOKIE: person.secret}
    return PageRun(cookies).go(page)


class PageRun:
    """One page in one browser: its contents, and the actions of a person."""

    def __init__(self, cookies: dict[str, str]) -> None:
        self.cookies = cookies
        self._script = Script(cookies)

    @property
    def app(self) -> AppTest:
        return self._script.app

    # ── what is done ────────────────────────────────────────────────────────────────────────
    def go(self, page: str, **query: Any) -> PageRun:
        """Open a page by its link, with this query in its address."""
        page_hash = "" if page == "overview" else calc_hash(_ADDRESSES[page])
        self._script.open(page_hash, {name.rstrip("_"): query[name] for name in query})
        return self

    def reload(self) -> PageRun:
        """Run the page again, with typed and chosen values."""
        self._script.run()
        return self

    def follow(self, label: str) -> PageRun:
        """Press a link to another page, the first of this name."""
        links = (node.proto for node in self.app.get("page_link"))
        link = next(proto for proto in links if label in proto.label)
        self._script.open(link.page_script_hash, parse_qs(link.query_string))
        return self

    def press(self, label: str, nth: int = 0) -> PageRun:
        """Press a button."""
        button = self.buttons(label)[nth].click()
        self._script.run(button.proto.id)
        return self

    def press_in_menu(self, option: str) -> PageRun:
        """Open the first menu with this option, and press it."""
        menus = ((menu, [shown(text) for text in menu.options]) for menu in self.app.menu_button)
        menu, texts = next(pair for pair in menus if option in pair[1])
        menu.click_index(texts.index(option))
        self._script.run(menu.proto.id)
        return self

    def open_popover(self, label: str) -> PageRun:
        """Open a popover by its text."""
        popovers = (node.proto.popover for node in self.app.get("popover"))
        popover = next(proto for proto in popovers if shown(proto.label) == label)
        self._script.run(sent=WidgetState(id=popover.id, bool_value=True))
        return self

    def press_twice(self, label: str) -> PageRun:
        """Press a form's button again before the page has responded to the first press."""
        with mock.patch.object(EntryForm, "saved", return_value=None):
            self.press(label, nth=-1)
        return self.press(label, nth=-1)

    def fill(self, *named: tuple[str, str], **texts: str) -> PageRun:
        """Type into fields of the open form, by the beginning of their label: `_` is a blank."""
        for label, text in (*named, *texts.items()):
            self.field(label.replace("_", " ")).set_value(text)
        return self

    def enter(self, label: str, text: str) -> PageRun:
        """Type into a field outside a form, and press Enter."""
        return self._changed(self.field(label).set_value(text))

    def choose(self, label: str, option: str) -> PageRun:
        """Choose an option of a field by its text; outside a form the page runs."""
        field = self.field(label)
        texts = [text if isinstance(text, str) else text.content for text in field.proto.options]
        place = [shown(text) for text in texts].index(option)
        return self._changed(field.set_value(texts[place]))

    def tick(self, label: str) -> PageRun:
        """Tick a box; outside a form the page runs."""
        return self._changed(self.field(label).check())

    def click_row(self, row: int, below: str = "") -> PageRun:
        """Click a row of the first table, or of the first below a heading with these words."""
        selection = {"rows": [row], "columns": [], "cells": []}
        self.app.session_state[self.table(below).key] = {"selection": selection}
        return self.reload()

    def edit(self, cells: Mapping[int, Mapping[str, Any]]) -> PageRun:
        """Change cells of the page's grid, by row and name of the column."""
        (grid,) = self.app.data_editor
        state = self.app.session_state
        before = state[grid.key]["edited_rows"] if grid.key in state else {}
        rows = {row: {**before.get(row, {}), **cells.get(row, {})} for row in {*before, *cells}}
        edited = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
        self._script.run(
            grid.proto.id, WidgetState(id=grid.proto.id, string_value=json.dumps(edited))
        )
        return self

    def paste(self, block: str, column: int = 0, heading: str = "", row: int = 0) -> PageRun:
        """Paste a block into the page's grid, on this cell; `heading` is that of its column."""
        (listener,) = self.app.get("bidi_component")
        (grid,) = self.app.data_editor
        first = grid.value.iloc[row, 0]
        detail = {"text": block, "column": column, "heading": heading, "row": row, "first": first}
        events = json.dumps([{"event": "pasted", "value": detail}])
        sent = WidgetState(
            id=_make_trigger_id(listener.proto.id, "events"), json_trigger_value=events
        )
        self._script.run(sent=sent)
        return self

    def give(self, name: str, content: str | bytes) -> PageRun:
        """Hand the page a file."""
        data = content.encode() if isinstance(content, str) else content
        (field,) = self.app.file_uploader
        return self._changed(field.set_value((name, data, "application/octet-stream")))

    def send(self) -> str:
        """Send the page's form as the browser does; return the address it leads to."""
        texts = (node.value for node in self.app.get("html"))
        (form,) = (text for text in texts if "data-zixly-send" in text)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        if 'action="/session/open"' in form:
            self.cookies[COOKIE] = sessions.redeem_ticket(
                html.unescape(fields["ticket"]), "127.0.0.1", "Chrome/126.0 Linux"
            )
        elif 'action="/link/open"' in form:
            self.cookies[LINK_COOKIE] = f"{fields['kind']}.{fields['token']}"
            return link_routes.PAGES[fields["kind"]]
        else:
            sessions.end_session(self.cookies.pop(COOKIE))
        return html.unescape(fields.get("next", ""))

    def close(self) -> PageRun:
        """Close the open dialog."""
        (dialog,) = self.app.get("dialog")
        self._script.run(sent=WidgetState(id=dialog.proto.dialog.id, trigger_value=True))
        return self

    def _changed(self, field: Any) -> PageRun:
        if not getattr(field.proto, "form_id", ""):
            self._script.run(field.proto.id)
        return self

    # ── what is shown ───────────────────────────────────────────────────────────────────────
    @property
    def text(self) -> str:
        """All readable text of the page, including an open dialog, without the sidebar."""
        return "\n".join(texts_of(self.app.main) + texts_of(self.app._tree[2]))

    @property
    def sent(self) -> str:
        """Everything sent to the browser, visible or not."""
        return self.text + self.sidebar + "\n".join(map(str, self._script.messages))

    @property
    def sidebar(self) -> str:
        return "\n".join(texts_of(self.app.sidebar))

    @property
    def dialog(self) -> str:
        """All readable text of the open dialog; empty if none is open."""
        return "\n".join(text for dialog in self.app.get("dialog") for text in texts_of(dialog))

    def part(self, key: str) -> str:
        """All readable text of the container with this key; empty if there is none."""
        for node in nodes_of(self.app._tree):
            if isinstance(node, Block) and node._block_id.endswith(key):
                return "\n".join(texts_of(node))
        return ""

    @property
    def title(self) -> str:
        return "\n".join(shown(title.value) for title in self.app.title)

    @property
    def headings(self) -> list[str]:
        """Headings below the title, from the top."""
        return [shown(heading.value) for heading in [*self.app.header, *self.app.subheader]]

    @property
    def alerts(self) -> str:
        alerts = [*self.app.success, *self.app.info, *self.app.warning, *self.app.error]
        return "\n".join(shown(alert.value) for alert in alerts)

    @property
    def problems(self) -> list[str]:
        """The sentences beside the fields of a form, from the top."""
        texts = (markdown.value for markdown in self.app.markdown)
        return [without_red(text) for text in texts if text.startswith(":red[:material/error:")]

    def below(self, label: str) -> str:
        """The problem shown directly below a field; empty if there is none."""
        elements = [node for node in nodes_of(self.app._tree) if isinstance(node, Element)]
        after = elements[elements.index(self.field(label)) + 1]
        return without_red(after.value) if after.type == "markdown" else ""

    @property
    def metrics(self) -> list[tuple[str, str]]:
        """Label and figure of every card."""
        return [(shown(card.label), shown(card.value)) for card in self.app.metric]

    @property
    def links(self) -> dict[str, str]:
        """Where the links of the page lead, by their label."""
        protos = [node.proto for node in self.app.main.get("page_link")]
        queries = (f"?{proto.query_string}" if proto.query_string else "" for proto in protos)
        return {
            shown(proto.label): f"/{proto.page}{query}"
            for proto, query in zip(protos, queries, strict=True)
        }

    @property
    def menu(self) -> list[str]:
        """Titles of the pages in the menu."""
        return [page.page_name for page in self._navigation.app_pages if not page.is_hidden]

    @property
    def address(self) -> str:
        """The page's address with its query."""
        (path,) = (
            page.url_pathname for page in self._navigation.app_pages
            if page.page_script_hash == self.app._finished_page_script_hash
        )  # fmt: skip
        query = urlencode(self.app.query_params, doseq=True)
        return f"/{path}?{query}" if query else f"/{path}"

    @property
    def _navigation(self) -> Navigation:
        messages = self._script.messages
        return [m.navigation for m in messages if m.HasField("navigation")][-1]

    def buttons(self, label: str = "") -> list[Any]:
        """The buttons with this text, or all, on the page and in the dialog over it."""
        buttons = list(self.app.button)
        return [button for button in buttons if label in ("", without_red(button.label))]

    def offers(self, label: str) -> bool:
        """Whether the page has this button, link, or file to download."""
        downloads = [shown(button.label) for button in self.app.download_button]
        links = [*self.links, *downloads]
        return bool(self.buttons(label) or label in links or self._file_links(label))

    def field(self, label: str) -> Any:
        """The field with this label or beginning of a label, in the open dialog or on the page."""
        for part in (*self.app.get("dialog"), self.app._tree):
            fields = [node for node in nodes_of(part) if node.type in _FIELDS]
            for is_meant in (str.__eq__, str.startswith):
                for field in fields:
                    if is_meant(shown(field.label), label):
                        return field
        raise AssertionError(f"There is no field {label!r}")

    def typed(self, *labels: str) -> tuple[Any, ...]:
        """The values of these fields."""
        return tuple(self.field(label).value for label in labels)

    def chosen(self, label: str) -> str | None:
        """The chosen option of a field, as shown."""
        field = self.field(label)
        return None if field.index is None else shown(field.options[field.index])

    def table(self, below: str = "") -> Dataframe:
        """The first table, or the first below a heading of these words, or else a heading or
        expander with them."""
        is_whole = below in self.headings
        is_reached = not below
        for node in nodes_of(self.app.main):
            if node.type in ("subheader", "header"):
                text = shown(node.value)
                is_reached = is_reached or (text == below if is_whole else below in text)
            elif node.type == "expander":
                is_reached = is_reached or below in shown(node.label)
            if is_reached and isinstance(node, Dataframe):
                return node
        raise AssertionError(f"There is no table below {below!r}")

    def rows(self, below: str = "") -> list[dict[str, Any]]:
        """The rows of a table by the names of its columns, as the browser gets them."""
        rows: list[dict[str, Any]] = self.table(below).value.to_dict("records")
        return rows

    def charts(self) -> list[dict[str, Any]]:
        return [json.loads(node.proto.spec) for node in self.app.get("plotly_chart")]

    def content(self, label: str = "Download CSV", nth: int = 0) -> bytes:
        """The file behind a button or a link."""
        links = self._file_links(label)
        if links:
            return self._linked(links[nth], FileFormat.CSV)
        return self._created(self._script.files[label])

    def workbook(self, label: str = "Download CSV", nth: int = 0) -> list[tuple[Any, ...]]:
        """The cells of the workbook offered beside a CSV, the names of the columns first."""
        links = self._file_links(label)
        if links:
            content = self._linked(links[nth].replace(".csv?", ".xlsx?"), FileFormat.XLSX)
        else:
            content = self._created(self._script.workbooks[label])
        (sheet,) = openpyxl.load_workbook(io.BytesIO(content))
        return list(sheet.iter_rows(values_only=True))

    def file(self, label: str = "Download CSV", nth: int = 0) -> str:
        """The text of the file behind a button or a link."""
        return self.content(label, nth).decode("utf-8-sig")

    def downloaded(self, label: str = "Download CSV", nth: int = 0) -> list[dict[str, str]]:
        """The rows of the file behind a button or a link, as Excel reads it."""
        content = self.content(label, nth)
        assert content.startswith(BYTE_ORDER_MARK)
        text = content.removeprefix(BYTE_ORDER_MARK).decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def _linked(self, link: str, file_format: FileFormat) -> bytes:
        place = urlsplit(link)
        assert place.path.endswith(f".{file_format}")
        table = place.path.removeprefix("/download/").removesuffix(f".{file_format}")
        query = parse_qsl(place.query, keep_blank_values=True)
        secret = self.cookies[COOKIE]
        written, _ = download_routes.write_file(secret, table, query, file_format)
        return b"".join(written.pieces())

    def _created(self, content: Any) -> bytes:
        with self._script.browser():
            content = content() if callable(content) else content
        return content.encode() if isinstance(content, str) else content

    def _file_links(self, label: str) -> list[str]:
        links = (link for node in self.app.get("html") for link in _FILE_LINK.findall(node.value))
        return [html.unescape(address) for address, text in links if html.unescape(text) == label]
