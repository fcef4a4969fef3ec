"""Targets on the page of custom metrics: their list, and the forms to set and change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from zixly_data.identity import Identity, Role
from zixly_data.people import audit
from zixly_data.records.delivery import metric_targets
from zixly_data.records.delivery.metric_targets import (
    EDGES,
    FROM_THE_BEGINNING,
    MetricTarget,
    near_edge,
)
from zixly_data.records.exchange_rates import parse_month
from zixly_data.tables.metric_targets import TargetDraft
from zixly_data.values.amounts import parse_number
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_ui.audit.history import show_history
from zixly_ui.components import paging, record_dialog
from zixly_ui.components.downloads import download
from zixly_ui.components.formatting import ABSENT
from zixly_ui.components.forms import EntryForm
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column, records_table
from zixly_ui.records.delivery.metric_forms import Choices, input_text
from zixly_ui.records.delivery.target_text import month_text, near_text, target_text
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry

KIND = "target"
COLUMNS = (
    Column("metric_name", "Metric"),
    Column("client", "Client"),
    Column("target", "Target", "quantity"),
    Column("near", "Near", "quantity"),
    Column("from", "From"),
)
_SORTS = (Sort("By metric"), Sort("Latest month first", "from_month", descending=True))
_EVERYONE, _EVERYONE_LABEL = "everyone", "Everyone"
_KINDS = {
    "AT_LEAST": "At least",
    "AT_MOST": "At most",
    "BETWEEN": "Between",
    "NONE": "No target",
}
_YES_NO_KINDS = {"AT_LEAST": "Yes", "AT_MOST": "No", "NONE": "No target"}
_YES_NO_EDGES = {"AT_LEAST": {"low": Decimal(1)}, "AT_MOST": {"high": Decimal(0)}}
_EDGE_LABELS = {"low": "At least", "high": "At most", "near_low": "Near from",
                "near_high": "Near up to"}  # fmt: skip
_NEAR_HELP = "A value that misses the target but reaches this is near. Leave empty for {share}."
_NEAR_SHARES = {"near_low": "10% below", "near_high": "10% above"}
_MONTH_HELP = "A month such as 2024-03. Leave empty for a target from the beginning."


@dataclass(frozen=True)
class Shown:
    """What a person did in the list of targets: the rows clicked, and whether to set a new one."""

    chosen_ids: Sequence[str] = ()
    is_setting: bool = False


def show_targets(identity: Identity, client_filter: ClientFilter) -> Shown:
    """List the targets for everyone and those of the chosen clients."""
    may_edit = identity.role.includes(Role.EDITOR)
    request = paging.requested("targets", _SORTS, client_filter)
    page = metric_targets.page(identity, client_filter, request)
    with st.expander("Targets", icon=":material/flag:", key="targets"):
        st.caption(
            "A month is judged by the latest target that starts in it or earlier: the client’s "
            "own, otherwise the one for everyone."
            + (" Click a target to change or delete it." if may_edit and page.count else "")
        )
        chosen_ids: list[str] = []
        if page.count:
            target_rows = rows(page.frame)
            labelled = page.frame.assign(
                client=page.frame["client_name"].fillna(_EVERYONE_LABEL),
                target=[_of(target_text, row) for row in target_rows],
                near=[_of(near_text, row) for row in target_rows],
                **{"from": [month_text(row["from_month"]) for row in target_rows]},
            )
            paging.controls("targets", _SORTS, page)
            key = record_dialog.table_key(KIND, page.frame["id"])
            chosen_ids = records_table(
                labelled, COLUMNS, key, opens="id" if may_edit else None,
                anywhere=True, height=400 if page.count > 10 else None,
            )  # fmt: skip
            download(
                identity,
                lambda: metric_targets.list_targets(identity, client_filter).drop(
                    columns=["id", "metric_id", "client_kpi_id", "version"]
                ),
                "targets.csv",
                dataset="metric_targets",
                filters=audit.filters(None, client_filter),
                label="Download targets",
            )
        else:
            st.write("No targets yet. Values are shown without judging them.")
        is_setting = may_edit and st.button(
            "Set a target", icon=":material/flag:", key="set-target"
        )
    return Shown(chosen_ids, is_setting)


@st.dialog("Set a target", width="medium")
def set_target(identity: Identity, options: Choices, client_filter: ClientFilter) -> None:
    """Show the form for a new target, with the client preselected if only one is shown."""
    start = {"metric_id": None, "client_kpi_id": client_filter.single_client_id or _EVERYONE}
    form = EntryForm("target", id_prefix="mtg", initial=start)
    metrics = {str(row["id"]): row for row in options.definitions.values()}
    form.choice(
        "metric_id", "Metric", list(metrics), lambda key: str(metrics[key]["metric_name"]),
        placeholder="Choose a metric",
    )  # fmt: skip
    metric = metrics.get(str(form.value("metric_id")))
    if metric is None:
        return
    draft = _draw(options, metric, "Set target", form)
    if draft is not None:
        with form.problems():
            retry(lambda: metric_targets.add(identity, draft, row_id=form.draft_id))
            form.saved(f"Set: {_summary(options, metric, draft)}.")


def change_target(identity: Identity, options: Choices, chosen_ids: Sequence[str]) -> None:
    """Open the form of the target chosen in the list."""
    metrics = {str(row["id"]): row for row in options.definitions.values()}

    def metric_of(target: TargetDraft) -> Mapping[str, Any]:
        return metrics[target.metric_id]

    def draw(form: EntryForm) -> TargetDraft | None:
        metric = metrics[str(form.initial("metric_id"))]
        st.markdown(f"**{plain(metric['metric_name'])}**")
        return _draw(options, metric, "Save changes", form)

    record_dialog.open_dialog(
        record_dialog.Kind[MetricTarget](
            name=KIND,
            read=partial(metric_targets.get, identity),
            change=partial(metric_targets.change, identity),
            delete=partial(metric_targets.remove, identity),
            start=_start,
            draw=draw,
            texts=lambda target: _texts(options, metric_of(target), target),
            trail=lambda target: show_history(
                identity, "metric_targets", target.id,
                client_name=options.clients.get(target.client_kpi_id or "", ""),
                names=options.clients, subject=metric_of(target)["metric_name"],
            ),
            summary=lambda target: _summary(options, metric_of(target), target),
        ),
        chosen_ids,
    )  # fmt: skip


def _draw(
    options: Choices, metric: Mapping[str, Any], button: str, form: EntryForm
) -> TargetDraft | None:
    """Draw the fields; return the draft once the button is pressed and every field can be read."""
    is_yes_no = metric["kind"] == "YES_NO"
    kinds = _YES_NO_KINDS if is_yes_no else _KINDS
    order = sorted(kinds, key="AT_MOST".__ne__) if metric["direction"] == "DOWN" else list(kinds)
    form.choice("kind", "Target", order, kinds.__getitem__, of=str(metric["id"]))
    kind = str(form.value("kind"))
    edges = () if is_yes_no else EDGES.get(kind, ())
    with form.box(border=False):
        for names in (("low", "near_low"), ("high", "near_high")):
            if names[0] in edges:
                for place, name in zip(st.columns(2), names, strict=True):
                    with place:
                        _draw_edge(form, name, metric)
        left, right = st.columns(2)
        with left:
            form.choice(
                "client_kpi_id", "For", [_EVERYONE, *options.clients], partial(_client, options)
            )
        with right:
            form.text("from_month", "From month", placeholder="The beginning", help=_MONTH_HELP)
        is_submitted = form.submit(button)
    if not is_submitted:
        return None
    client = form.read_choice("client_kpi_id", "Choose everyone or a client.")
    from_month = form.read("from_month", _parse_month)
    given = dict(_YES_NO_EDGES.get(kind, {})) if is_yes_no else _read_edges(form, edges)
    if not form.is_valid or client is None or from_month is None:
        return None
    for name in ("low", "high"):
        if name in given and f"near_{name}" not in given:
            near = near_edge(given[name], name, metric["kind"], metric["out_of"])
            given[f"near_{name}"] = near
    return TargetDraft(
        str(metric["id"]), from_month, kind, None if client == _EVERYONE else client, **given
    )


def _draw_edge(form: EntryForm, name: str, metric: Mapping[str, Any]) -> None:
    share = _NEAR_SHARES.get(name)
    form.text(
        name, f"{_EDGE_LABELS[name]} ({plain(metric['unit'])})",
        placeholder=share or "", help=_NEAR_HELP.format(share=share) if share else None,
    )  # fmt: skip


def _read_edges(form: EntryForm, edges: Sequence[str]) -> dict[str, Decimal]:
    given = {}
    for name in edges:
        is_empty = not str(form.value(name) or "").strip()
        if is_empty and name.startswith("near"):
            continue
        number = form.read(name, parse_number)
        if number is not None:
            given[name] = number
    return given


def _parse_month(text: str, field: str) -> date:
    return parse_month(text, field) if text.strip() else FROM_THE_BEGINNING


def _start(target: MetricTarget) -> dict[str, object]:
    is_first = target.from_month == FROM_THE_BEGINNING
    edges = {name: getattr(target, name) for name in _EDGE_LABELS}
    return {
        "metric_id": target.metric_id,
        "kind": target.kind,
        "client_kpi_id": target.client_kpi_id or _EVERYONE,
        "from_month": "" if is_first else f"{target.from_month:%Y-%m}",
        **{name: "" if edge is None else input_text(edge) for name, edge in edges.items()},
    }


def _client(options: Choices, client: str) -> str:
    return _EVERYONE_LABEL if client == _EVERYONE else options.clients[client]


def _of(text: Any, row: Mapping[str, Any]) -> str:
    if row["kind"] == "NONE":
        return "No target" if text is target_text else ABSENT
    words_of_target: str = text(row, row["metric_kind"], row["unit"], row["out_of"])
    return words_of_target


def _texts(options: Choices, metric: Mapping[str, Any], target: TargetDraft) -> dict[str, str]:
    row = {**vars(target), "metric_kind": metric["kind"], "unit": metric["unit"],
           "out_of": metric["out_of"]}  # fmt: skip
    client = target.client_kpi_id
    return {
        "Metric": metric["metric_name"],
        "Client": _EVERYONE_LABEL
        if client is None
        else options.clients.get(client, "a deleted client"),
        "From": month_text(target.from_month),
        "Target": _of(target_text, row),
        "Near": _of(near_text, row),
    }


def _summary(options: Choices, metric: Mapping[str, Any], target: TargetDraft) -> str:
    """Return a target in one line: `Billable Hours for everyone, at least 120 hours, from …`."""
    texts = _texts(options, metric, target)
    client = "everyone" if target.client_kpi_id is None else texts["Client"]
    goal = texts["Target"][:1].lower() + texts["Target"][1:]
    start = texts["From"]
    start = "the beginning" if target.from_month == FROM_THE_BEGINNING else start
    return f"{metric['metric_name']} for {client}, {goal}, from {start}"
