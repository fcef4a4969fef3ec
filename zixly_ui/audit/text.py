"""Sentences of the audit trail: the person, the action, the record, and the changed values.

    Support changed the revenue of Bondi E-commerce Store, 1 Mar 2024, from $8,000.00 to $8,500.00.

An entry is a row of `audit.Entries`, or of `audit.History` with the name of the record's table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zixly_data.values.names import listed
from zixly_ui.audit.records import SUBJECTS, record, record_with_kind, row_noun
from zixly_ui.audit.values import changes, is_newly_set, label, row_of, text_of, value_text
from zixly_ui.components.formatting import plural

ACTIONS = {
    "INSERT": "Added",
    "UPDATE": "Changed",
    "DELETE": "Deleted",
    "EXPORT": "Exported",
    "SIGN_IN": "Signed in",
    "SIGN_IN_FAILED": "Failed to sign in",
    "SIGN_OUT": "Signed out",
    "SESSION_ENDED": "Ended a session",
    "PASSWORD_SET": "Set a password",
    "PASSWORD_RESET_ASKED": "Requested a password link",
    "SECOND_FACTOR_ON": "Turned on two-step sign-in",
    "SECOND_FACTOR_OFF": "Turned off two-step sign-in",
    "RECOVERY_CODE_USED": "Used a recovery code",
}


def sentence(entry: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """Return the sentence of one entry. `names` are the clients' names by our ids."""
    after = row_of(entry, "after")
    return f"{_actor(entry, after)} {_action(entry, names or {})}."


def _actor(entry: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    person = text_of(entry.get("user_name")) or text_of(entry.get("user_email"))
    match entry["action"]:
        case "SIGN_IN_FAILED":
            return "Someone"
        case "SIGN_IN" if after.get("kind") == "OPERATOR":
            return "The operator"
        case "UPDATE" if not person and is_newly_set(entry, "accepted_at"):
            return str(after.get("email"))
        case "INSERT" if not person and entry["table_name"] == "users":
            return str(after.get("full_name"))
        case _:
            return person or "The operator"


def _action(entry: Mapping[str, Any], names: Mapping[str, str]) -> str:
    after = row_of(entry, "after")
    person = text_of(entry.get("user_name")) or text_of(entry.get("user_email"))
    subject = text_of(entry.get("subject"))
    match entry["action"]:
        case "INSERT":
            return _addition(entry, after, names)
        case "UPDATE":
            return _change(entry, names)
        case "DELETE" if entry["table_name"] == "closed_months":
            return f"reopened {record(entry)}"
        case "DELETE" if entry["table_name"] == "finding_dismissals":
            return f"restored {record(entry)}"
        case "DELETE":
            return f"deleted {record_with_kind(entry)}"
        case "EXPORT":
            subject_label = SUBJECTS.get(entry["table_name"], entry["table_name"]).lower()
            return f"exported {subject_label}: {plural(int(after.get('rows', 0)), 'row')}"
        case "SIGN_IN" if after.get("kind") == "OPERATOR":
            return f"acted as {person} on the command line"
        case "SIGN_IN":
            return "signed in"
        case "SIGN_IN_FAILED":
            return f"failed to sign in as {person}"
        case "SIGN_OUT":
            return "signed out"
        case "SESSION_ENDED":
            return "ended another of their sessions"
        case "PASSWORD_SET":
            return f"set the password of {subject}" if subject != person else "set a new password"
        case "PASSWORD_RESET_ASKED" if subject != person:
            return f"created a password link for {subject or 'someone'}"
        case "PASSWORD_RESET_ASKED":
            return "requested a link to set a new password"
        case "SECOND_FACTOR_ON":
            return "turned on two-step sign-in"
        case "SECOND_FACTOR_OFF" if subject != person:
            return f"turned off two-step sign-in for {subject or 'someone'}"
        case "SECOND_FACTOR_OFF":
            return "turned off two-step sign-in"
        case "RECOVERY_CODE_USED":
            return "signed in with a recovery code"
        case action:
            return ACTIONS.get(str(action), str(action)).lower()


def _addition(entry: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> str:
    match entry["table_name"]:
        case "users" if not text_of(entry.get("user_email")):
            return f"joined the team as {_with_article(after.get('role'))}"
        case "users":
            return (
                f"added {after.get('full_name')} to the team as {_with_article(after.get('role'))}"
            )
        case "invitations":
            return f"invited {after.get('email')} as {_with_article(after.get('role'))}"
        case "financials" | "overheads":
            amounts = [
                f"{name} {value_text(name, after.get(name), entry, names)}"
                for name in ("revenue", "expenses")
            ]
            return f"added {record_with_kind(entry)}: {listed(amounts)}"
        case "custom_metrics":
            return (
                f"added the value for {record(entry)}: "
                f"{value_text('metric_value', after.get('metric_value'), entry, names)}"
            )
        case "exchange_rates":
            rate = value_text("rate", after.get("rate"), entry, names)
            return f"entered the exchange rate {record(entry)}: {rate}"
        case "date_notes":
            return f"added {record(entry)}"
        case "metric_targets":
            return f"set {record(entry)}: {_target(entry, after, names)}"
        case "closed_months":
            return f"closed {record(entry)}"
        case "client_merges":
            return f"merged {record(entry)}"
        case "finding_dismissals":
            return f"dismissed {record(entry)}"
        case "imports":
            return f"imported {row_noun(after)} from {after.get('file_name')}: {_counts(after)}"
        case "import_mappings":
            return f"saved {record(entry)}"
        case _:
            return f"added {record_with_kind(entry)}"


def _change(entry: Mapping[str, Any], names: Mapping[str, str]) -> str:
    after = row_of(entry, "after")
    changed_values = changes(entry, names)
    labels = {changed for changed, _, _ in changed_values}
    if entry["table_name"] == "users" and labels == {"status"}:
        verb = "reactivated" if after.get("status") == "ACTIVE" else "deactivated"
        return f"{verb} {record(entry)}"
    if entry["table_name"] == "tenants" and labels == {label("second_factor_required")}:
        if after["second_factor_required"]:
            return "made two-step sign-in required for everyone"
        return "made two-step sign-in optional"
    if entry["table_name"] == "imports" and is_newly_set(entry, "undone_at"):
        return f"undid {record(entry)}"
    if entry["table_name"] == "client_merges":
        return f"undid merging {record(entry)}"
    if entry["table_name"] == "import_mappings":
        return f"saved {record(entry)}"
    if entry["table_name"] == "lead_stages":
        if is_newly_set(entry, "merged_into"):
            return f"merged {record(entry)} into another stage"
        if labels == {label("retired_at")}:
            return f"{'retired' if after.get('retired_at') else 'restored'} {record(entry)}"
    if entry["table_name"] == "invitations":
        for field, verb in (("accepted_at", "accepted"), ("withdrawn_at", "withdrew")):
            if is_newly_set(entry, field):
                return f"{verb} {record(entry)}"
        if labels == {label("expires_at")} or not labels:
            return f"sent {record(entry)} again"
    if not changed_values:
        return f"saved {record_with_kind(entry)} without changes"
    phrases = [f"{changed} from {old} to {new}" for changed, old, new in changed_values]
    if len(phrases) == 1:
        changed, old, new = changed_values[0]
        return f"changed the {changed} of {record(entry)}, from {old} to {new}"
    return f"changed {record_with_kind(entry)}: {listed(phrases)}"


def _target(entry: Mapping[str, Any], values: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return a target in words: `at least 120`."""
    edges = [
        f"{label(name, 'metric_targets')} {value_text(name, values.get(name), entry, names)}"
        for name in ("low", "high")
        if values.get(name) is not None
    ]
    return listed(edges) if edges else "no target"


def _counts(values: Mapping[str, Any]) -> str:
    """Return the outcome of the rows of a file: `5 added, 2 rejected`."""
    columns = ("added", "changed", "unchanged", "rejected", "left_out")
    phrases = [f"{values[name]:,} {name.replace('_', ' ')}" for name in columns if values.get(name)]
    return listed(phrases) if phrases else "no rows"


def _with_article(role: object) -> str:
    label = str(role).lower()
    return f"{'an' if label[:1] in ('a', 'e') else 'a'} {label}"
