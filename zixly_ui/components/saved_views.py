"""Saved views of a page: one control beside the filters opens, saves, renames and deletes them.

A view is what stands behind the page's address, so opening one is following a link: the filters
read it as they read any. A page opened without filters in its address shows the person's default;
a link with some wins.

    with saved_views(identity, page="financials"):
        period = period_filter(…)
        which = client_filter(…)
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
from zixly_data.values.names import parse_name
from zixly_ui.components import record_dialog
from zixly_ui.components.filters import status_label
from zixly_ui.components.formatting import plural
from zixly_ui.components.forms import EntryForm
from zixly_ui.shell import url_state
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

_DAYS, _CLIENTS = ("period", "from", "to"), ("client", "status", "industry")
# What of an address a view keeps, by page; anything else in it belongs to no filter.
KEPT: dict[str, tuple[str, ...]] = {
    "financials": (*_DAYS, *_CLIENTS, "currency"),
    "profitability": (*_DAYS, *_CLIENTS, "currency", "by"),
    "lead-funnel": (*_DAYS, *_CLIENTS, "stage"),
    "custom-kpis": (*_DAYS, *_CLIENTS),
    "clients": (*_CLIENTS, "q"),
}
_MOST = 200
_CHOSEN, _BY_ITSELF = "Only when I choose it", "By itself, whenever I open this page"


@contextmanager
def saved_views(identity: Identity, page: str) -> Iterator[None]:
    """The person's views of the page, as a control that stands before the filters drawn inside.

    `page` is the page's part of the address.
    """
    show = views_before(identity, page)
    yield
    show()


def views_before(identity: Identity, page: str) -> Callable[[], None]:
    """The same for a page whose filters stand in several places: keeps the control's place.

    The answer draws it. Call it once all filters have been drawn: only then does it show whether
    they are those of a view.
    """
    names = KEPT[page]
    found = rows(views.list_views(identity, page))
    default = next((view["filters"] for view in found if view["is_default"]), "")
    if default and url_state.is_new(names) and not query(page, url_state.values_of(names)):
        _go(page, default)
    place = st.container(width="content")

    def show() -> None:
        with place:
            _control(identity, page, found)

    return show


def query(page: str, asked: Mapping[str, Sequence[str]]) -> str:
    """The filters of a page as one text, in one order, whatever else stands in its address.

    `period=2024-Q1&client=ckpi_1&client=ckpi_2`
    """
    return urlencode(
        [(name, value) for name in KEPT[page] for value in asked.get(name, ()) if value]
    )


def parts(page: str, filters: str) -> dict[str, list[str]]:
    """The filters of a view by name; what is not known on the page is left out."""
    try:
        asked = parse_qs(filters, max_num_fields=_MOST)
    except ValueError:
        return {}
    return {name: asked[name] for name in KEPT[page] if name in asked}


def describe(page: str, filters: str) -> str:
    """The filters of a view in a line: `last quarter, 2 clients`."""
    found = parts(page, filters)
    words = [_part(name, values) for name, values in found.items()]
    return ", ".join(words) or "everything as the page shows it by itself"


def _part(name: str, values: Sequence[str]) -> str:
    match name:
        case "client":
            return plural(len(values), "client")
        case "status":
            return " or ".join(status_label(each).lower() for each in values)
        case "period":
            # `last-quarter` is said, `2024-Q1` named.
            return " ".join(each.replace("-", " ") if each.islower() else each for each in values)
        case _:
            return f"{name} {' or '.join(values)}"


def _go(page: str, filters: str) -> None:
    """Have the page's filters read the view from the address."""
    empty: dict[str, list[str]] = {name: [] for name in KEPT[page]}
    url_state.set_address(empty | parts(page, filters))


def _control(identity: Identity, page: str, found: Sequence[Mapping[str, Any]]) -> None:
    now = query(page, url_state.values_of(KEPT[page]))
    shown = next((view for view in found if _same(page, view["filters"], now)), None)
    with st.popover(
        plain(shown["name"]) if shown else "Views",
        icon=":material/bookmark:" if shown else ":material/bookmark_border:",
        key=f"views-{page}-{st.session_state.get(_times(page), 0)}",
        help="Filters of this page that you keep by name",
    ):
        asked = [view["id"] for view in found if _line(page, view, view is shown)]
        if not found:
            st.caption("Keep the filters you come back to. Nobody else sees your views.")
        if shown is None:
            _save(identity, page, now)
    for view in found:
        if view["id"] in asked:
            _change(identity, view, now)


def _line(page: str, view: Mapping[str, Any], is_shown: bool) -> bool:
    """One view of the list; whether its form was asked for."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"view-{view['id']}"):
        st.button(
            plain(view["name"]),
            key=f"open-{view['id']}",
            icon=":material/check:" if is_shown else ":material/bookmark_border:",
            type="tertiary",
            help="Your default: this page opens with it" if view["is_default"] else None,
            on_click=_open,
            args=(page, view["filters"]),
        )
        if view["is_default"]:
            st.badge("default", color="gray")
        return st.button(
            "Change",
            key=f"change-{view['id']}",
            icon=":material/edit:",
            type="tertiary",
            help="Rename it, make it the default, or delete it",
            on_click=_close,
            args=(page,),
        )


def _save(identity: Identity, page: str, now: str) -> None:
    form = EntryForm(f"view-{page}", id_prefix="view")
    with form.box(border=False):
        form.text("name", "Save this view as", placeholder="Active clients, last quarter")
        is_default = st.checkbox("Open this page with it", key=f"{form.draft_id}-default")
        pressed = form.submit("Save view")
    name = form.read("name", _parse) if pressed else None
    if name is not None:
        with form.problems():
            draft = ViewDraft(page, name, now, is_default)
            retry(lambda: views.save(identity, draft, row_id=form.draft_id))
            _close(page)
            form.saved(f"Saved: the view {name}{', your default here' if is_default else ''}.")


def _change(identity: Identity, view: Mapping[str, Any], now: str) -> None:
    """The form for a view: another name, the filters shown now, the default, or its end."""
    page = view["page"]
    filters = {view["filters"]: "As saved"}
    if not _same(page, view["filters"], now):
        filters[now] = "As shown now"

    def draw(form: EntryForm) -> ViewDraft | None:
        with form.box(border=False):
            form.text("name", "Name")
            form.choice("default", "When does it open?", (_CHOSEN, _BY_ITSELF))
            form.choice(
                "filters",
                "Filters",
                list(filters),
                lambda each: f"{filters[each]}: {describe(page, each)}",
            )
            pressed = form.submit("Save changes")
        name = form.read("name", _parse) if pressed else None
        if name is None:
            return None
        return ViewDraft(page, name, form.value("filters"), form.value("default") == _BY_ITSELF)

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
        "default": _BY_ITSELF if view.is_default else _CHOSEN,
        "filters": view.filters,
    }


def _texts(page: str, view: ViewDraft) -> dict[str, str]:
    return {
        "Name": view.name,
        "Opens": _BY_ITSELF if view.is_default else _CHOSEN,
        "Filters": describe(page, view.filters),
    }


def _parse(text: str, field: str) -> str:
    return parse_name(text, field, views.LONGEST_NAME)


def _same(page: str, filters: str, now: str) -> bool:
    return query(page, parts(page, filters)) == now


def _open(page: str, filters: str) -> None:
    _go(page, filters)
    _close(page)


def _close(page: str) -> None:
    """A control of another key is another one, and closed."""
    st.session_state[_times(page)] = st.session_state.get(_times(page), 0) + 1


def _times(page: str) -> str:
    return f"views-closed-{page}"
