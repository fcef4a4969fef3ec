"""Who may do what, on one page.

PostgreSQL decides; `sql/policies.sql` and `sql/grants.sql` tell it what. This page says what it
ought to decide, and a test compares every GRANT of the database with it: nothing is missing,
nothing is there besides.

Rows are always those of the person's own tenant. What is not listed is denied.
"""

from __future__ import annotations

from dataclasses import dataclass

from zixly_data.identity import Role

NOBODY: tuple[Role, ...] = ()
ADMINS = (Role.ADMIN,)
EDITORS = (Role.EDITOR, Role.ADMIN)
EVERYONE = (Role.VIEWER, Role.EDITOR, Role.ADMIN)


@dataclass(frozen=True)
class Rights:
    """Of one table: the roles for each verb, and the columns where not all of them are meant."""

    read: tuple[Role, ...] = NOBODY
    record: tuple[Role, ...] = NOBODY
    change: tuple[Role, ...] = NOBODY
    remove: tuple[Role, ...] = NOBODY
    readable: str = "*"
    recordable: str = ""
    changeable: str = ""

    def roles(self, verb: str) -> tuple[Role, ...]:
        """The roles that may `select`, `insert`, `update` or `delete`."""
        verbs = ("select", "insert", "update", "delete")
        return dict(zip(verbs, (self.read, self.record, self.change, self.remove), strict=True))[
            verb
        ]

    def columns(self, verb: str) -> tuple[str, ...]:
        """The columns the verb is limited to; empty where it is not limited."""
        listed = {"select": self.readable, "insert": self.recordable, "update": self.changeable}
        return tuple(listed.get(verb, "").replace("*", "").split())


def _books(recordable: str, changeable: str) -> Rights:
    """What everyone reads and editors keep."""
    return Rights(EVERYONE, EDITORS, EDITORS, EDITORS, "*", recordable, changeable)


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
    "client_kpis": _books(
        "id client_id client_name industry currency status",
        "client_id client_name industry currency status"),
    "financials": _books(
        "tenant_id id client_kpi_id record_date revenue expenses source_system external_id note",
        "client_kpi_id record_date revenue expenses note"),
    "lead_stages": Rights(
        EVERYONE, ADMINS, ADMINS, ADMINS,
        recordable="id stage position status", changeable="stage position status"),
    "lead_events": _books(
        "tenant_id id client_kpi_id lead_id stage status event_date value source_system "
        "external_id note",
        "client_kpi_id lead_id stage status event_date value note"),
    "metric_definitions": _books(
        "id metric_name unit kind direction target out_of",
        "metric_name unit kind direction target out_of"),
    "custom_metrics": _books(
        "tenant_id id client_kpi_id metric_name metric_value unit record_date source_system "
        "external_id note",
        "client_kpi_id metric_name metric_value unit record_date note"),
    "integrations": Rights(
        read=ADMINS,
        readable="tenant_id id kind status last_synced_at version created_at updated_at"),
    "closed_months": Rights(read=EVERYONE, record=ADMINS, remove=ADMINS, recordable="id month"),
    "imports": Rights(
        read=EDITORS, record=EDITORS, change=EDITORS,
        recordable="id kind file_name checksum added changed unchanged rejected left_out sums",
        changeable="undone_at"),
    "import_mappings": Rights(
        read=EDITORS, record=EDITORS, change=EDITORS, recordable="id kind header mapping",
        changeable="mapping"),
    "financial_months": Rights(read=EVERYONE),
    "exchange_rates": _books(
        "id month currency into_currency rate source_system", "rate source_system"),
    "finding_dismissals": Rights(
        read=EVERYONE, record=EDITORS, remove=EDITORS,
        recordable="id kind client_kpi_id subject reason"),
    # Each person's own alone.
    "saved_views": Rights(
        EVERYONE, EVERYONE, EVERYONE, EVERYONE,
        recordable="id page name filters is_default", changeable="name filters is_default"),
    "date_notes": _books("id day client_kpi_id words", "day client_kpi_id words"),
    "audit_log": Rights(read=ADMINS),
}  # fmt: skip

# The gatekeeper looks across tenants, inside its own functions alone. Nobody logs in as it.
GATEKEEPER: dict[str, str] = {
    "zixly.tenants": "select insert update(financial_year_start_month)",
    "zixly.lead_stages": "select insert",
    "zixly.users": "select insert update(password_hash)",
    "zixly.sessions": "select insert update",
    "zixly.invitations": "select update",
    "zixly.password_resets": "select insert update",
    "zixly.second_factors": "select insert update delete",
    "zixly.audit_log": "select insert delete",
    "zixly.closed_months": "select",
    "zixly.imports": "select",
    "zixly.financials": "select",
    "zixly.lead_events": "select",
    "zixly.client_kpis": "select",
    "zixly.financial_months": "select insert update",
    "app_private.signing_key": "select insert",
    "app_private.sign_in_tickets": "select insert delete",
    "app_private.sign_in_failures": "select insert delete",
    "app_private.set_up_links": "select insert delete",
    "app_private.pending_factors": "select insert update delete",
}

# Who may look into which schema, and call what there. A role becomes no other role, but for the
# pages' login, which becomes one of the three for a transaction.
TEAM = ("zixly_viewer", "zixly_editor", "zixly_admin")
MEMBERSHIPS: dict[str, tuple[str, ...]] = {"zixly_app": TEAM, "zixly_owner": ("zixly_gatekeeper",)}
SCHEMAS: dict[str, tuple[str, ...]] = {
    "zixly": ("zixly_gatekeeper", *TEAM),
    "app": ("zixly_app", *TEAM),
    "app_auth": ("zixly_auth",),
    "app_operator": ("zixly_operator",),
    "app_private": (),
}
OWN = (
    "app.tenant_id", "app.user_id", "app.role", "app.new_id",
    "app.my_name", "app.my_sessions", "app.end_my_session", "app.note_export", "app.history_of",
)  # fmt: skip
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "zixly_app": ("app.present", "app.touch", "app.end_session"),
    **dict.fromkeys(TEAM, OWN),
    "zixly_editor": (*OWN, "app.rows_of_import"),
    "zixly_admin": (*OWN, "app.rows_of_import", "app.remove_second_factor_of"),
    "zixly_auth": ("app_auth.*",),
    "zixly_operator": ("app_operator.*",),
}
