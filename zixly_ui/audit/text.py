"""The audit trail in plain words: who did what to which record, and which values changed how.

    Support changed the revenue of Bondi E-commerce Store, 1 Mar 2024, from $8,000.00 to $8,500.00.

An entry is a row of `audit.Entries`, or of `audit.History` with the record's table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zixly_ui.audit.records import SUBJECTS, record, record_with_kind, row_noun
from zixly_ui.audit.values import changes, is_newly_set, row_of, text_of, value_text
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
    "PASSWORD_RESET_ASKED": "Link for a new password",
    "SECOND_FACTOR_ON": "Second factor on",
    "SECOND_FACTOR_OFF": "Second factor off",
    "RECOVERY_CODE_USED": "Recovery code used",
}
_FACTOR = "a second factor of everyone"


def sentence(entry: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """One entry in one sentence. `names` are the clients' names by our ids."""
    after = row_of(entry, "after")
    return f"{_who(entry, after)} {_did(entry, names or {})}."


def _who(entry: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    person = text_of(entry.get("user_name")) or text_of(entry.get("user_email"))
    match entry["action"]:
        case "SIGN_IN_FAILED":
            return "Somebody"
        case "SIGN_IN" if after.get("kind") == "OPERATOR":
            return "The operator"
        case "UPDATE" if not person and is_newly_set(entry, "accepted_at"):
            return str(after.get("email"))
        case "INSERT" if not person and entry["table_name"] == "users":
            return str(after.get("full_name"))
        case _:
            return person or "The operator"


def _did(entry: Mapping[str, Any], names: Mapping[str, str]) -> str:
    after = row_of(entry, "after")
    person = text_of(entry.get("user_name")) or text_of(entry.get("user_email"))
    subject = text_of(entry.get("subject"))
    match entry["action"]:
        case "INSERT":
            return _added(entry, after, names)
        case "UPDATE":
            return _changed(entry, names)
        case "DELETE" if entry["table_name"] == "closed_months":
            return f"reopened {record(entry)}"
        case "DELETE" if entry["table_name"] == "finding_dismissals":
            return f"took back that {record(entry)}"
        case "DELETE":
            return f"deleted {record_with_kind(entry)}"
        case "EXPORT":
            what = SUBJECTS.get(entry["table_name"], entry["table_name"]).lower()
            return f"exported {what}: {plural(int(after.get('rows', 0)), 'row')}"
        case "SIGN_IN" if after.get("kind") == "OPERATOR":
            return f"acted for {person} on the command line"
        case "SIGN_IN":
            return "signed in"
        case "SIGN_IN_FAILED":
            return f"failed to sign in as {person}"
        case "SIGN_OUT":
            return "signed out"
        case "SESSION_ENDED":
            return "ended another session of theirs"
        case "PASSWORD_SET":
            return f"set the password of {subject}" if subject != person else "set a new password"
        case "PASSWORD_RESET_ASKED" if subject != person:
            return f"made a link with which {subject or 'somebody'} sets a new password"
        case "PASSWORD_RESET_ASKED":
            return "asked for a link to set a new password"
        case "SECOND_FACTOR_ON":
            return "switched their second factor on"
        case "SECOND_FACTOR_OFF" if subject != person:
            return f"switched the second factor of {subject or 'somebody'} off"
        case "SECOND_FACTOR_OFF":
            return "switched their second factor off"
        case "RECOVERY_CODE_USED":
            return "signed in with a recovery code"
        case other:
            return ACTIONS.get(str(other), str(other)).lower()


def _added(entry: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> str:
    match entry["table_name"]:
        case "users" if not text_of(entry.get("user_email")):
            return f"joined the team as {_a(after.get('role'))}"
        case "users":
            return f"added {after.get('full_name')} to the team as {_a(after.get('role'))}"
        case "invitations":
            return f"invited {after.get('email')} as {_a(after.get('role'))}"
        case "financials":
            amounts = [
                f"{name} {value_text(name, after.get(name), entry, names)}"
                for name in ("revenue", "expenses")
            ]
            return f"added the figures of {record(entry)}: {', '.join(amounts)}"
        case "custom_metrics":
            return (
                f"added the value of {record(entry)}: "
                f"{value_text('metric_value', after.get('metric_value'), entry, names)}"
            )
        case "exchange_rates":
            rate = value_text("rate", after.get("rate"), entry, names)
            return f"entered the exchange rate of {record(entry)}: {rate}"
        case "date_notes":
            return f"wrote {record(entry)}"
        case "closed_months":
            return f"closed {record(entry)}"
        case "finding_dismissals":
            return f"said that {record(entry)}"
        case "imports":
            return f"imported {row_noun(after)} from {after.get('file_name')}: {_counts(after)}"
        case "import_mappings":
            return f"noted {record(entry)}"
        case _:
            return f"added {record_with_kind(entry)}"


def _changed(entry: Mapping[str, Any], names: Mapping[str, str]) -> str:
    after = row_of(entry, "after")
    found = changes(entry, names)
    labels = {label for label, _, _ in found}
    if entry["table_name"] == "users" and labels == {"status"}:
        done = "reactivated" if after.get("status") == "ACTIVE" else "deactivated"
        return f"{done} {record(entry)}"
    if entry["table_name"] == "tenants" and labels == {"second factor required"}:
        return (
            f"{'requires' if after['second_factor_required'] else 'no longer requires'} {_FACTOR}"
        )
    if entry["table_name"] == "imports" and is_newly_set(entry, "undone_at"):
        return f"undid {record(entry)}"
    if entry["table_name"] == "import_mappings":
        return f"noted {record(entry)}"
    if entry["table_name"] == "invitations":
        for field, done in (("accepted_at", "accepted"), ("withdrawn_at", "withdrew")):
            if is_newly_set(entry, field):
                return f"{done} {record(entry)}"
        if labels == {"good until"} or not labels:
            return f"sent {record(entry)} again"
    if not found:
        return f"saved {record_with_kind(entry)} without a change"
    said = [f"{label} from {old} to {new}" for label, old, new in found]
    if len(said) == 1:
        label, old, new = found[0]
        return f"changed the {label} of {record(entry)}, from {old} to {new}"
    return f"changed {record_with_kind(entry)}: {', '.join(said)}"


def _counts(values: Mapping[str, Any]) -> str:
    """What became of the rows of a file: `5 added, 2 rejected`."""
    named = ("added", "changed", "unchanged", "rejected", "left_out")
    said = [f"{values[n]:,} {n.replace('_', ' ')}" for n in named if values.get(n)]
    return ", ".join(said) or "no rows"


def _a(role: object) -> str:
    label = str(role).lower()
    return f"{'an' if label[:1] in ('a', 'e') else 'a'} {label}"
