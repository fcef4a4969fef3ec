"""The rights of each role to tables, columns, schemas and functions.

PostgreSQL enforces them by `sql/policies.sql` and `sql/grants.sql`. This module states the intended
rights, and a test compares them with every GRANT of the database: none missing, none extra.

Rows are always those of the user's own tenant. Anything not listed is denied.
"""

from __future__ import annotations

from dataclasses import dataclass

from zixly_data.identity import Role
from zixly_data.tables.clients import CLIENTS
from zixly_data.tables.custom_metrics import CUSTOM_METRICS
from zixly_data.tables.date_notes import DATE_NOTES
from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.exchange_rates import EXCHANGE_RATES
from zixly_data.tables.financials import FINANCIALS
from zixly_data.tables.lead_events import LEAD_EVENTS
from zixly_data.tables.metric_definitions import METRIC_DEFINITIONS
from zixly_data.tables.metric_targets import METRIC_TARGETS
from zixly_data.tables.overheads import OVERHEADS

NOBODY: tuple[Role, ...] = ()
ADMINS = (Role.ADMIN,)
EDITORS = (Role.EDITOR, Role.ADMIN)
EVERYONE = (Role.VIEWER, Role.EDITOR, Role.ADMIN)


@dataclass(frozen=True)
class Rights:
    """The rights to one table: roles by verb, and columns where a verb is limited to some."""

    read: tuple[Role, ...] = NOBODY
    record: tuple[Role, ...] = NOBODY
    change: tuple[Role, ...] = NOBODY
    remove: tuple[Role, ...] = NOBODY
    readable: str = "*"
    recordable: str = ""
    changeable: str = ""

    def roles(self, verb: str) -> tuple[Role, ...]:
        """Return the roles that may `select`, `insert`, `update` or `delete`."""
        verbs = ("select", "insert", "update", "delete")
        roles = (self.read, self.record, self.change, self.remove)
        return dict(zip(verbs, roles, strict=True))[verb]

    def columns(self, verb: str) -> tuple[str, ...]:
        """Return the columns the verb is limited to; empty if it is not limited."""
        columns = {"select": self.readable, "insert": self.recordable, "update": self.changeable}
        return tuple(columns.get(verb, "").replace("*", "").split())


def _editable(table: EntryTable) -> Rights:
    """Return the rights to a table that every role reads and editors maintain."""
    columns = (" ".join(names) for names in (table.recordable, table.changeable))
    return Rights(EVERYONE, EDITORS, EDITORS, EDITORS, "*", *columns)


TABLES: dict[str, Rights] = {
    "tenants": Rights(
        read=EVERYONE, change=ADMINS,
        changeable="name industry time_zone reporting_currency financial_year_start_month "
        "second_factor_required"),
    "users": Rights(
        read=ADMINS, change=ADMINS, remove=ADMINS, changeable="full_name role status",
        readable="tenant_id id email full_name role status version created_at updated_at"),
    "sessions": Rights(),
    "password_resets": Rights(
        read=ADMINS, record=ADMINS, recordable="id user_id token_hash",
        readable="tenant_id id user_id expires_at used_at created_at updated_at"),
    "second_factors": Rights(
        read=ADMINS, readable="tenant_id id user_id confirmed_at created_at updated_at"),
    "invitations": Rights(
        read=ADMINS, record=ADMINS, change=ADMINS, recordable="id email role token_hash",
        changeable="role token_hash expires_at withdrawn_at",
        readable="tenant_id id email role invited_by expires_at accepted_at withdrawn_at "
        "created_at updated_at"),
    "client_kpis": _editable(CLIENTS),
    "financials": _editable(FINANCIALS),
    "lead_stages": Rights(
        EVERYONE, ADMINS, ADMINS, ADMINS,
        recordable="id stage position status",
        changeable="stage position status retired_at merged_into"),
    "lead_events": _editable(LEAD_EVENTS),
    "metric_definitions": _editable(METRIC_DEFINITIONS),
    "metric_inputs": Rights(
        read=EVERYONE, record=EDITORS, remove=EDITORS, recordable="id metric_id input_id"),
    "metric_targets": _editable(METRIC_TARGETS),
    "custom_metrics": _editable(CUSTOM_METRICS),
    "integrations": Rights(
        read=ADMINS,
        readable="tenant_id id kind status last_synced_at version created_at updated_at"),
    "closed_months": Rights(read=EVERYONE, record=ADMINS, remove=ADMINS, recordable="id month"),
    "imports": Rights(
        read=EDITORS, record=EDITORS, change=EDITORS,
        recordable="id kind file_name checksum added changed unchanged rejected left_out removed "
        "sums",
        changeable="undone_at"),
    "import_mappings": Rights(
        read=EDITORS, record=EDITORS, change=EDITORS, recordable="id kind header mapping",
        changeable="mapping"),
    # Written by functions alone.
    "client_merges": Rights(read=EDITORS),
    "financial_months": Rights(read=EVERYONE),
    "overheads": _editable(OVERHEADS),
    "overhead_months": Rights(read=EVERYONE),
    "exchange_rates": _editable(EXCHANGE_RATES),
    "finding_dismissals": Rights(
        read=EVERYONE, record=EDITORS, remove=EDITORS,
        recordable="id kind client_kpi_id subject reason"),
    # Rows of the user's own alone.
    "saved_views": Rights(
        EVERYONE, EVERYONE, EVERYONE, EVERYONE,
        recordable="id page name filters is_default", changeable="name filters is_default"),
    "date_notes": _editable(DATE_NOTES),
    "audit_log": Rights(read=ADMINS),
}  # fmt: skip

# The gatekeeper reads all tenants, but only inside its own functions. It cannot log in.
GATEKEEPER: dict[str, str] = {
    "zixly.tenants": "select insert update(financial_year_start_month) delete",
    "zixly.lead_stages": "select insert",
    "zixly.users": "select insert update(password_hash) delete",
    "zixly.sessions": "select insert update",
    "zixly.invitations": "select update",
    "zixly.password_resets": "select insert update",
    "zixly.second_factors": "select insert update delete",
    "zixly.audit_log": "select insert delete",
    "zixly.closed_months": "select delete",
    "zixly.imports": "select",
    "zixly.financials": "select insert update(client_kpi_id) delete",
    "zixly.lead_events": "select update(client_kpi_id) delete",
    "zixly.custom_metrics": "select update(client_kpi_id) delete",
    "zixly.overheads": "select insert delete",
    "zixly.client_kpis": "select insert update(status) delete",
    "zixly.financial_months": "select insert update",
    "zixly.overhead_months": "select insert update",
    "zixly.metric_definitions": "select delete",
    "zixly.metric_targets": "select insert update(client_kpi_id) delete",
    "zixly.exchange_rates": "select delete",
    "zixly.finding_dismissals": "select insert update(client_kpi_id) delete",
    "zixly.date_notes": "select update(client_kpi_id)",
    "zixly.client_merges": "select insert update",
    "zixly.metric_inputs": "select",
    "app_private.signing_key": "select insert",
    "app_private.sign_in_tickets": "select insert delete",
    "app_private.sign_in_failures": "select insert delete",
    "app_private.set_up_links": "select insert delete",
    "app_private.pending_factors": "select insert update delete",
}

# Access to schemas, and to their functions. Only the pages' login is a member of other roles: it
# takes one of the three for each transaction.
TEAM = ("zixly_viewer", "zixly_editor", "zixly_admin")
MEMBERSHIPS: dict[str, tuple[str, ...]] = {"zixly_app": TEAM, "zixly_owner": ("zixly_gatekeeper",)}
SCHEMAS: dict[str, tuple[str, ...]] = {
    "zixly": ("zixly_gatekeeper", *TEAM),
    "app": ("zixly_app", *TEAM),
    "app_auth": ("zixly_auth",),
    "app_operator": ("zixly_operator",),
    "app_private": (),
}
TEAM_FUNCTIONS = (
    "app.tenant_id", "app.user_id", "app.role", "app.new_id",
    "app.my_name", "app.my_sessions", "app.end_my_session", "app.note_export", "app.history_of",
    "app.take_turn",
)  # fmt: skip
EDITOR_FUNCTIONS = (
    *TEAM_FUNCTIONS, "app.rows_of_import", "app.restore_rows_of_import", "app.merge_contents",
    "app.merge_clients", "app.undo_merge",
)  # fmt: skip
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "zixly_app": ("app.present", "app.identify", "app.end_session"),
    **dict.fromkeys(TEAM, TEAM_FUNCTIONS),
    "zixly_editor": EDITOR_FUNCTIONS,
    "zixly_admin": (
        *EDITOR_FUNCTIONS,
        "app.remove_second_factor_of",
        "app.demo_contents",
        "app.remove_demo",
    ),
    "zixly_auth": ("app_auth.*",),
    "zixly_operator": ("app_operator.*",),
}
