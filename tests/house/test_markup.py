"""What people type is drawn letter by letter: no widget draws it as Markdown.

Each rule finds offences in a source; it is tried on a bad sample before it checks the tree. That
names with markup are also harmless on the running pages is tested in
`tests/zixly_ui/test_markup_in_names.py`.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache

import streamlit as st

from tests.house.test_layers import ROOT, sources
from zixly_data.tables.catalogue import ENTRY_TABLES

# Widgets by how the browser draws their options, tried with Streamlit 1.67.
MARKDOWN_OPTIONS = {"radio", "pills", "segmented_control", "select_slider", "menu_button"}
TEXT_OPTIONS = {"selectbox", "multiselect", "SelectboxColumn", "MultiselectColumn"}
# What else people type, beside the columns of the tables: organisations, people, views, devices.
TYPED = {"name", "full_name", "email", "tenant_name", "device_name", "label", "reason"}
# Months, periods, currencies and roles have names of ours.
OURS = {"month", "months[-1]", "earlier[-1]", "period", "this_year", "against", "report.against",
        "role", "identity.role", "kind", "KINDS", "field", "FIGURES[figure]", "link", "step",
        "section"}  # fmt: skip
# Functions that return Markdown of ours.
ESCAPING = {"plain", "plain_options", "markdown_sentence", "sentence", "icon"}


def _name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def unescaped_options(source: str) -> list[str]:
    """Calls of widgets whose options go another way than through `plain_options`."""
    offences = []
    for call in _calls(source):
        values = {keyword.arg: keyword.value for keyword in call.keywords}
        label_of = values.get("format_func")
        is_escaped = isinstance(label_of, ast.Call) and _name(label_of) == "plain_options"
        if _name(call) in MARKDOWN_OPTIONS and not is_escaped:
            offences.append(ast.unparse(call))
        if _name(call) in TEXT_OPTIONS and is_escaped:
            offences.append(f"escaped twice: {ast.unparse(call)}")
    return offences


@cache
def markdown_elements() -> set[str]:
    """The functions of Streamlit that draw Markdown, by their documentation."""
    drawing = {
        name
        for name, function in vars(st).items()
        if callable(function) and "Markdown" in (inspect.getdoc(function) or "")
    }
    assert {"markdown", "button", "expander", "metric", "toast", "tabs", "popover"} <= drawing
    # Letter by letter.
    return drawing - {"text", "code", "html", "json"} | {"form_submit_button"}


def unescaped_texts(source: str) -> list[str]:
    """Texts of elements with something typed by people outside of `plain`."""
    typed = TYPED | {name for table in ENTRY_TABLES.values() for name in table.entered}
    drawing = markdown_elements()
    offences = []
    for call in _calls(source):
        is_streamlit = isinstance(call.func, ast.Attribute) and _name(call) in drawing
        if not is_streamlit or ast.unparse(call.func).startswith(
            ("url_state.", "record_files.", "pa.")
        ):
            continue
        drawn = [*call.args, *(word.value for word in call.keywords if word.arg in _TEXTS)]
        for text in drawn:
            offences += [
                f"{ast.unparse(part)} in {ast.unparse(call)[:100]}"
                for part in _outside_plain(text)
                if _is_typed(part, typed)
            ]
    return offences


_TEXTS = {"label", "body", "help", "placeholder", "value", "delta", "text", "title"}


def _outside_plain(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression that are drawn, without those that are escaped."""
    if isinstance(node, ast.Call) and _name(node) in ESCAPING:
        return
    if isinstance(node, ast.IfExp):
        yield from _outside_plain(node.body)
        yield from _outside_plain(node.orelse)
        return
    yield node
    if isinstance(node, ast.Attribute | ast.Subscript | ast.Lambda):
        return
    for child in ast.iter_child_nodes(node):
        yield from _outside_plain(child)


def _is_typed(node: ast.AST, typed: set[str]) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in typed and ast.unparse(node.value) not in OURS
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return node.slice.value in typed
    return False


def test_options_drawn_as_markdown_are_escaped() -> None:
    bad = (
        "st.pills('Stage', stages)",
        "left.radio('x', names, format_func=names.get)",
        "st.segmented_control('x', a, format_func=lambda a: plain_options()(a))",
        "st.selectbox('x', a, format_func=plain_options())",
    )
    for sample in bad:
        assert unescaped_options(sample), sample
    assert not unescaped_options("st.pills('Stage', stages, format_func=plain_options(str))")

    unescaped = {
        str(path.relative_to(ROOT)): offences
        for path in sources("zixly_ui", "pages")
        if (offences := unescaped_options(path.read_text("utf-8")))
    }
    assert not unescaped


def test_every_widget_with_options_is_known() -> None:
    with_options = {
        name
        for name, function in [*vars(st).items(), *vars(st.column_config).items()]
        if callable(function) and "options" in _parameters(function)
    }
    # The options of st.feedback are names of symbols.
    assert with_options - {"feedback"} == MARKDOWN_OPTIONS | TEXT_OPTIONS, "how are they drawn?"


def test_typed_texts_are_escaped() -> None:
    bad = (
        "st.button(f'Open {row[\"client_name\"]}')",
        "st.expander(client.client_name)",
        "st.metric('Value', metric.unit)",
        "box.caption(view['name'] if view else 'Views')",
        "st.toast('Saved: ' + tenant.name)",
        "st.text_input('x', help=client.note)",
    )
    for sample in bad:
        assert unescaped_texts(sample), sample
    assert not unescaped_texts("st.button(plain(client.client_name), key=client.id)")

    unescaped = {
        str(path.relative_to(ROOT)): offences
        for path in sources("zixly_ui", "pages")
        if (offences := unescaped_texts(path.read_text("utf-8")))
    }
    assert not unescaped


def _parameters(function: object) -> set[str]:
    try:
        return set(inspect.signature(function).parameters)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return set()
