"""Saved views of a page: a control beside the filters opens, saves, renames and deletes them.

A view is the query string of the page, so opening one is following a link, and the filters read it
like any other. A page opened without filters in its address shows the default view of the person; a
link with filters wins.

    with saved_views(identity, page="financials"):
        period = period_filter(…)
        selection = client_filter(…)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode

import streamlit as st

from zixly_data.identity import Identity
from zixly_data.people import saved_views as views
from zixly_data.people.saved_views import SavedView, ViewDraft
from zixly_data.values.frames import rows
from zixly_data.values.names import listed, parse_name
from zixly_ui.components import record_dialog
from zixly_ui.components.filters import status_label
from zixly_ui.components.formatting import plural
from zixly_ui.components.forms import EntryForm
from zixly_ui.components.overhead_filter import kind_label
from zixly_ui.shell import url_state
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

_DAYS, _CLIENTS = ("period", "from", "to"), ("client", "status", "industry")
# The query parameters that a view keeps, by page. Other parameters belong to no filter.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "financials": (*_DAYS, *_CLIENTS, "currency"),
    "overheads": (*_DAYS, "kind", "currency", "q"),
    "profitability": (*_DAYS, *_CLIENTS, "currency", "by"),
    "lead-funnel": (*_DAYS, *_CLIENTS, "stage", "view"),
    "pipeline": (*_CLIENTS, "stage"),
    "custom-kpis": (*_DAYS, *_CLIENTS),
    "clients": (*_CLIENTS, "q"),
}
_MAX_PARAMETERS = 200
_CHANGING = "view-to-change"
_CHOSEN, _AS_DEFAULT = "Only when I choose it", "Automatically, when I open this page"


@contextmanager
def saved_views(identity: Identity, page: str) -> Iterator[None]:
    """Draw the views of the page before the filters drawn inside.

    `page` is the path of the page in the address.
    """
    show = views_before(identity, page)
    yield
    show()


def views_before(identity: Identity, page: str) -> Callable[[], None]:
    """Reserve the place of the views control, and return the function that draws it.

    For a page whose filters stand in several places. Call the function after all filters have been
    drawn: only then can the control tell whether they match a view.
    """
    names = PARAMETERS[page]
    all_views = rows(views.list_views(identity, page))
    default = next((view["filters"] for view in all_views if view["is_default"]), "")
    if default and url_state.is_new(names) and not query(page, url_state.values_of(names)):
        _apply(page, default)
    place = st.container(width="content")

    def show() -> None:
        with place:
            _control(identity, page, all_views)

    return show


def query(page: str, values: Mapping[str, Sequence[str]]) -> str:
    """Return the filters of a page as one text in a fixed order, without other parameters.

    `period=2024-Q1&client=ckpi_1&client=ckpi_2`
    """
    return urlencode(
        [(name, value) for name in PARAMETERS[page] for value in values.get(name, ()) if value]
    )


def parts(page: str, filters: str) -> dict[str, list[str]]:
    """Return the filters of a view by name, without parameters unknown to the page."""
    try:
        values = parse_qs(filters, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        return {}
    return {name: values[name] for name in PARAMETERS[page] if name in values}


def describe(page: str, filters: str) -> str:
    """Return the filters of a view in a line: `last quarter, 2 clients`."""
    filters_by_name = parts(page, filters)
    phrases = [_describe_part(name, values) for name, values in filters_by_name.items()]
    return ", ".join(phrases) or "no filters"


def _describe_part(name: str, values: Sequence[str]) -> str:
    match name:
        case "client":
            return plural(len(values), "client")
        case "status":
            return listed([status_label(value).lower() for value in values], "or")
        case "kind":
            return listed([kind_label(value).lower() for value in values], "or")
        case "period":
            # `last-quarter` becomes words, `2024-Q1` stays a name.
            return " ".join(
                value.replace("-", " ") if value.islower() else value for value in values
            )
        case _:
            return f"{name} {listed(values, 'or')}"


def _apply(page: str, filters: str) -> None:
    """Put the filters of the view into the address, from which the page reads them."""
    empty: dict[str, list[str]] = {name: [] for name in PARAMETERS[page]}
    url_state.set_address(empty | parts(page, filters))


def _control(identity: Identity, page: str, all_views: Sequence[Mapping[str, Any]]) -> None:
    current = query(page, url_state.values_of(PARAMETERS[page]))
    current_view = next((view for view in all_views if _same(page, view["filters"], current)), None)
    popover = st.popover(
        plain(current_view["name"]) if current_view else "Views",
        icon=":material/bookmark:" if current_view else ":material/bookmark_border:",
        key=f"views-{page}-{st.session_state.get(_close_count_key(page), 0)}",
        help="Saved filters of this page",
        on_change="rerun",
    )
    if popover.open is not False:
        with popover:
            for view in all_views:
                _line(page, view, view is current_view)
            if not all_views:
                st.caption("Save the filters you use often. Only you can see your views.")
            if current_view is None:
                _save(identity, page, current)
    view_to_change = st.session_state.pop(_CHANGING, None)
    for view in all_views:
        if view["id"] == view_to_change:
            _change(identity, view, current)


def _line(page: str, view: Mapping[str, Any], is_shown: bool) -> None:
    """Draw a view of the list."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"view-{view['id']}"):
        st.button(
            plain(view["name"]),
            key=f"open-{view['id']}",
            icon=":material/check:" if is_shown else ":material/bookmark_border:",
            type="tertiary",
            help="Your default view of this page" if view["is_default"] else None,
            on_click=_open,
            args=(page, view["filters"]),
        )
        if view["is_default"]:
            st.badge("default", color="gray")
        st.button(
            "Change",
            key=f"change-{view['id']}",
            icon=":material/edit:",
            type="tertiary",
            help="Rename, make default or delete",
            on_click=_begin_change,
            args=(page, view["id"]),
        )


def _save(identity: Identity, page: str, current: str) -> None:
    form = EntryForm(f"view-{page}", id_prefix="view")
    with form.box(border=False):
        form.text("name", "Save this view as", placeholder="Active clients, last quarter")
        is_default = st.checkbox("Make this my default view", key=f"{form.draft_id}-default")
        pressed = form.submit("Save view")
    name = form.read("name", _parse) if pressed else None
    if name is not None:
        with form.problems():
            draft = ViewDraft(page, name, current, is_default)
            retry(lambda: views.save(identity, draft, row_id=form.draft_id))
            _close(page)
            form.saved(f"Saved: the view {name}{', now your default' if is_default else ''}.")


def _change(identity: Identity, view: Mapping[str, Any], current: str) -> None:
    """Open the form of a view: name, filters, default, deletion."""
    page = view["page"]
    filters = {view["filters"]: "Saved filters"}
    if not _same(page, view["filters"], current):
        filters[current] = "Current filters"

    def draw(form: EntryForm) -> ViewDraft | None:
        with form.box(border=False):
            form.text("name", "Name")
            form.choice("default", "When to open", (_CHOSEN, _AS_DEFAULT))
            form.choice(
                "filters",
                "Filters",
                list(filters),
                lambda query_text: f"{filters[query_text]}: {describe(page, query_text)}",
            )
            pressed = form.submit("Save changes")
        name = form.read("name", _parse) if pressed else None
        if name is None:
            return None
        return ViewDraft(page, name, form.value("filters"), form.value("default") == _AS_DEFAULT)

    record_dialog.open_dialog(
        record_dialog.Kind[SavedView](
            name="view",
            read=partial(views.get, identity),
            change=partial(views.change, identity),
            delete=partial(views.delete, identity),
            start=_start,
            draw=draw,
            texts=partial(_texts, page),
            trail=lambda _: None,
            summary=lambda view: f"the view {view.name}",
        ),
        [view["id"]],
    )


def _start(view: SavedView) -> dict[str, object]:
    return {
        "name": view.name,
        "default": _AS_DEFAULT if view.is_default else _CHOSEN,
        "filters": view.filters,
    }


def _texts(page: str, view: ViewDraft) -> dict[str, str]:
    return {
        "Name": view.name,
        "Opens": _AS_DEFAULT if view.is_default else _CHOSEN,
        "Filters": describe(page, view.filters),
    }


def _parse(text: str, field: str) -> str:
    return parse_name(text, field, views.LONGEST_NAME)


def _same(page: str, filters: str, current: str) -> bool:
    return query(page, parts(page, filters)) == current


def _open(page: str, filters: str) -> None:
    _apply(page, filters)
    _close(page)


def _begin_change(page: str, view_id: str) -> None:
    st.session_state[_CHANGING] = view_id
    _close(page)


def _close(page: str) -> None:
    """Close the control: with a new key it is drawn anew."""
    st.session_state[_close_count_key(page)] = st.session_state.get(_close_count_key(page), 0) + 1


def _close_count_key(page: str) -> str:
    return f"views-closed-{page}"
