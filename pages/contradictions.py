"""Contradictions: records that disagree with each other, and other findings worth a look."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures import conversion
from zixly_data.findings import contradictions, ranking
from zixly_data.findings.definitions import is_contradiction, kinds_of
from zixly_data.findings.kind import Group
from zixly_data.identity import Role
from zixly_data.people import tenants
from zixly_data.values.frames import rows
from zixly_ui.components.cards import empty_state, headline
from zixly_ui.components.downloads import download
from zixly_ui.components.forms import show_confirmation
from zixly_ui.findings import listing as finding_list
from zixly_ui.findings import text as finding_text
from zixly_ui.findings.first_steps import stop_without_figures
from zixly_ui.shell.session import require_identity

identity = require_identity()
tenant = tenants.get(identity)
today = tenant.today()
may_edit = identity.role.includes(Role.EDITOR)

st.title("Contradictions", anchor=False)
finding_list.restore_dismissed(identity)
show_confirmation()
findings = rows(ranking.findings(identity, today))
active = [finding for finding in findings if not finding["dismissed"]]
dismissed = [finding for finding in findings if finding["dismissed"]]

if not findings:
    stop_without_figures(identity, conversion.currencies(identity))
if any(is_contradiction(finding) for finding in active):
    headline(finding_text.headline_text(findings))
else:
    empty_state(finding_text.headline_text(findings), finding_text.CHECKS)

number = 0
for heading, group in (("", Group.CONTRADICTION), ("Also worth a look", Group.ATTENTION)):
    by_kind = {
        kind: [finding for finding in active if finding["kind"] == kind.key]
        for kind in kinds_of(group)
    }
    if heading and any(by_kind.values()):
        st.subheader(heading, anchor=False)
    for kind, findings_of_kind in by_kind.items():
        if findings_of_kind:
            finding_list.show_kind(kind, findings_of_kind, today, first=number, may_edit=may_edit)
            number += len(findings_of_kind)
if dismissed:
    finding_list.show_dismissed(dismissed, today, tenant.time_zone, may_edit=may_edit)

if any(is_contradiction(finding) for finding in findings):
    download(
        identity,
        lambda: contradictions.as_file(contradictions.findings(identity, today)),
        f"contradictions-{today}.csv",
        dataset="contradictions",
        filters={"on": str(today)},
    )
finding_list.dismissal_dialog(identity, tenant)
