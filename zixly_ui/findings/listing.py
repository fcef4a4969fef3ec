"""Findings on a page: the short list of what to do, and all of them by kind.

Each finding is a sentence with a link to its records. Editors dismiss one with a reason, and
restore it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from zlib import crc32

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from zixly_data.errors import NotFound
from zixly_data.findings import dismissals, evidence
from zixly_data.findings.definitions import find_kind
from zixly_data.findings.finding import Finding, FindingKey, key_of
from zixly_data.findings.kind import FindingKind
from zixly_data.findings.ranking import MOST_OF_A_KIND
from zixly_data.identity import Identity
from zixly_data.people.tenants import Tenant
from zixly_ui.components.formatting import plural
from zixly_ui.components.forms import EntryForm, confirm
from zixly_ui.components.tables import records_table
from zixly_ui.findings.links import evidence_link
from zixly_ui.findings.text import (
    dismissal_text,
    icon,
    markdown_sentence,
    number_of,
    ranking_note,
)
from zixly_ui.findings.text import sentence as finding_sentence
from zixly_ui.records.client_tables import FINANCIALS, LEAD_EVENTS, METRICS, with_readings
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.url_state import OPENED

# Per kind at first: each finding is drawn with a link and a button.
_FIRST_SHOWN = 10
_OPENED, _RESTORED = f"{OPENED}finding", "finding-restored"


def show_what_to_do(findings: Sequence[Finding], today: date, reporting_currency: str) -> None:
    """Show the findings with the most at stake, each with a link to its evidence.

    `findings` are rows of `ranking.UrgentFindings`; dismissed ones are not listed.
    """
    shown = [finding for finding in findings if not finding["dismissed"]]
    active = shown[0]["of_all"] if shown else 0
    for number, finding in enumerate(shown):
        with st.container(key=f"finding-{number}", horizontal=True, vertical_alignment="center"):
            st.markdown(f"{icon(finding['kind'])} {markdown_sentence(finding, today)}")
            _open_evidence(finding, find_kind(finding["kind"]).step)
    if not active:
        st.write(
            "Nothing to do: no records contradict each other, no active client is making a loss or "
            "losing revenue, and every open lead has moved within 30 days."
            if not findings
            else "Nothing to do: all findings have been dismissed."
        )
    if note := ranking_note(shown, reporting_currency):
        st.caption(plain(note))
    if active > len(shown) or (findings and not active):
        more = f"See {active - len(shown):,} more" if active else "See dismissed findings"
        st.page_link(page_path("contradictions.py"), label=more, icon=":material/rule:")


def show_kind(
    kind: FindingKind, findings: Sequence[Finding], today: date, *, first: int, may_edit: bool
) -> None:
    """Show the findings of one kind as a card; `first` is the number of the first one on the page.

    With `may_edit`, each can be dismissed.
    """
    with st.container(border=True, key=f"kind-{kind.key}"):
        count = number_of(findings)
        st.subheader(plain(f"{kind.title} · {count:,}"), anchor=False)
        st.caption(plain(kind.meaning))
        shown = findings[
            : MOST_OF_A_KIND if st.session_state.get(f"more-{kind.key}") else _FIRST_SHOWN
        ]
        for number, finding in enumerate(shown, first):
            with _line(f"{number}"):
                st.markdown(f"{icon(kind.key)} {markdown_sentence(finding, today)}")
                _open_evidence(finding, _link_label(finding))
                if may_edit:
                    st.button(
                        "Dismiss…",
                        key=f"fine-{number}",
                        on_click=_remember,
                        # The finding as shown, since its number may have changed by now.
                        args=(_OPENED, finding),
                    )
        if count > _FIRST_SHOWN:
            extent = "all" if count <= MOST_OF_A_KIND else "the first"
            st.toggle(f"Show {extent} {len(findings):,}", key=f"more-{kind.key}")


def show_dismissed(
    findings: Sequence[Finding], today: date, time_zone: str, *, may_edit: bool
) -> None:
    """Show the dismissed findings, each with person, time and reason.

    With `may_edit`, they can be restored.
    """
    with st.container(border=True, key="put-away"):
        count = number_of(findings)
        st.subheader(f"Dismissed · {count:,}", anchor=False)
        st.caption("A dismissed finding returns to the list if it changes.")
        if count > MOST_OF_A_KIND:
            st.caption(f"The {MOST_OF_A_KIND} with the most at stake are shown.")
        for number, finding in enumerate(findings[:MOST_OF_A_KIND]):
            with _line(f"away-{number}"):
                reason = plain(dismissal_text(finding, time_zone))
                st.markdown(f"{markdown_sentence(finding, today)}  \n:gray[{reason}]")
                _open_evidence(finding, _link_label(finding))
                if may_edit:
                    st.button(
                        "Restore",
                        key=f"restore-{number}",
                        icon=":material/undo:",
                        on_click=_remember,
                        args=(_RESTORED, finding),
                    )


def restore_dismissed(identity: Identity) -> None:
    """Restore the finding whose button was pressed, and confirm it."""
    finding = st.session_state.pop(_RESTORED, None)
    if finding is None:
        return
    try:
        retry(lambda: dismissals.restore(identity, finding["dismissal_id"]))
        confirm(f"Restored: {find_kind(finding['kind']).title}, {finding['client_name']}.")
    except NotFound as error:
        st.info(sentence(error), icon=":material/undo:")


def dismissal_dialog(identity: Identity, tenant: Tenant) -> None:
    """Show the form of the finding whose button was pressed: its records, and the reason."""
    finding = st.session_state.get(_OPENED)
    if finding is None:
        return
    key, today = key_of(finding), tenant.today()
    form = EntryForm(f"dismissal-{crc32(repr(key).encode())}", id_prefix="dis")

    def close() -> None:
        st.session_state.pop(_OPENED, None)
        form.forget()

    dialog = st.dialog("Dismiss finding", width="large", on_dismiss=close)
    dialog(lambda: _draw_dismissal(identity, finding, today, form, close))()


def _draw_dismissal(
    identity: Identity, finding: Finding, today: date, form: EntryForm, close: Callable[[], None]
) -> None:
    key = key_of(finding)
    st.markdown(f"**{plain(finding_sentence(finding, today))}**")
    try:
        _show_records(identity, key, today)
    except NotFound as error:
        st.info(sentence(error), icon=":material/undo:")
        return
    with form.box(border=False):
        form.text(
            "reason",
            "Reason for dismissing",
            placeholder="Work began before the contract was signed.",
            help="Everyone in your organisation can read it. It is kept in the audit trail.",
        )
        pressed = form.submit("Dismiss")
    if pressed:
        reason = form.read("reason", dismissals.parse_reason)
        if reason is not None:
            with form.problems():
                retry(
                    lambda: dismissals.dismiss(
                        identity,
                        key.kind,
                        key.client_kpi_id,
                        key.subject,
                        reason,
                        row_id=form.draft_id,
                    )
                )
                close()
                form.saved(f"Dismissed: {find_kind(key.kind).title}, {finding['client_name']}.")


def _show_records(identity: Identity, key: FindingKey, today: date) -> None:
    """Show the records of the finding, so that nobody dismisses it unseen."""
    records = evidence.evidence(identity, key, today)
    for title, count, frame, columns in (
        ("financial record", records.financials.count, records.financials.frame, FINANCIALS),
        ("lead event", records.lead_events.count, records.lead_events.frame, LEAD_EVENTS),
        (
            "metric value",
            records.metric_values.count,
            with_readings(records.metric_values.frame),
            METRICS,
        ),
    ):
        if count:
            latest = f", the latest {len(frame):,} of them here" if count > len(frame) else ""
            st.markdown(f"{plural(count, title)}{latest}")
            height = 250 if len(frame) > 6 else None
            records_table(frame, columns, f"evidence-{title}", height=height)


def _open_evidence(finding: Finding, label: str) -> None:
    page, address = evidence_link(finding)
    st.page_link(
        page_path(page), label=label, icon=":material/arrow_forward:", query_params=address
    )


def _link_label(finding: Finding) -> str:
    kind = find_kind(finding["kind"])
    return kind.step if kind.page == "clients.py" else "See records"


def _line(name: str) -> DeltaGenerator:
    return st.container(key=f"finding-{name}", horizontal=True, vertical_alignment="center")


def _remember(slot: str, finding: Finding) -> None:
    st.session_state[slot] = dict(finding)
