"""Who may do what, on the page and below it: the least role of every page, command and action.

`permissions.py` says the same of tables and columns. PostgreSQL decides; a test tries every pair of
a person and an action, and compares `docs/permissions.md` with both.

A role may do whatever a lesser one may. What is not listed is nobody's.
"""

from __future__ import annotations

from zixly_data.identity import Role

# The file under pages/, and the least role it opens for; None: also for people who are signed out.
PAGES: dict[str, Role | None] = {
    "overview": Role.VIEWER,
    "clients": Role.VIEWER,
    "client": Role.VIEWER,
    "financials": Role.VIEWER,
    "lead_funnel": Role.VIEWER,
    "custom_kpis": Role.VIEWER,
    "profitability": Role.VIEWER,
    "contradictions": Role.VIEWER,
    "enter_month": Role.EDITOR,
    "import_file": Role.EDITOR,
    "months": Role.VIEWER,
    "account": Role.VIEWER,
    "team": Role.ADMIN,
    "audit": Role.ADMIN,
    "invitation": None,
    "forgot_password": None,
    "new_password": None,
    "set_up": None,
}

# Buttons that a page shows from some role on, by page and key; the action behind each is below.
BUTTONS: dict[tuple[str, str], Role] = {
    ("clients", "add-client"): Role.EDITOR,
    ("client", "edit-client"): Role.EDITOR,
    ("client", "delete-client"): Role.EDITOR,
    ("financials", "record-figures"): Role.EDITOR,
    ("lead_funnel", "add-event"): Role.EDITOR,
    ("custom_kpis", "record-value"): Role.EDITOR,
    ("custom_kpis", "define-metric"): Role.EDITOR,
    ("contradictions", "fine-0"): Role.EDITOR,
    ("months", "close-month"): Role.ADMIN,
    ("team", "invite-user"): Role.ADMIN,
    ("team", "factor-required"): Role.ADMIN,
}

# What one does in the name of a user (`--as`), and the least role of that user. `--as` itself needs
# the operator's address of the database.
COMMANDS: dict[str, Role] = {
    "report profitability": Role.VIEWER,
    "report monthly": Role.VIEWER,
    "report contradictions": Role.VIEWER,
    "export": Role.VIEWER,
    "import": Role.EDITOR,
    "imports list": Role.EDITOR,
    "imports undo": Role.EDITOR,
    "month list": Role.VIEWER,
    "month close": Role.ADMIN,
    "month reopen": Role.ADMIN,
    "user invite": Role.ADMIN,
    "user role": Role.ADMIN,
    "user deactivate": Role.ADMIN,
    "user reactivate": Role.ADMIN,
    "user delete": Role.ADMIN,
}
# What the operator of the server does, as nobody: these need the administrator's address of the
# database, or the files of the server.
OPERATOR_COMMANDS = (
    "migrate", "demo", "prepare", "doctor", "tenant create", "tenant list", "user add",
    "user list", "user password", "archive show",
)  # fmt: skip

# Every function of zixly_data that acts for a person, in words, and its least role.
ACTIONS: dict[str, tuple[Role, str]] = {
    "clients.list_clients": (Role.VIEWER, "See the clients"),
    "clients.get": (Role.VIEWER, "Open a client"),
    "clients.deletion": (Role.VIEWER, "See what belongs to a client"),
    "financials.monthly": (Role.VIEWER, "See the figures by month"),
    "financials.list_records": (Role.VIEWER, "See the financial records"),
    "financials.get": (Role.VIEWER, "Open a financial record"),
    "leads.stages": (Role.VIEWER, "See the lead stages"),
    "leads.events": (Role.VIEWER, "See the lead events"),
    "leads.list_leads": (Role.VIEWER, "See the leads"),
    "leads.get": (Role.VIEWER, "Open a lead event"),
    "funnel.funnel": (Role.VIEWER, "See the funnel"),
    "funnel.leads_at": (Role.VIEWER, "See the leads at a stage"),
    "funnel.funnel_values": (Role.VIEWER, "See what leads are worth"),
    "metric_figures.latest": (Role.VIEWER, "See the latest value of each metric"),
    "metric_figures.history": (Role.VIEWER, "See how a metric went"),
    "metrics.list_records": (Role.VIEWER, "See the metric values"),
    "metrics.get": (Role.VIEWER, "Open a metric value"),
    "metric_definitions.definitions": (Role.VIEWER, "See what is measured"),
    "metric_definitions.get_definition": (Role.VIEWER, "Open a metric"),
    "reports.profitability": (Role.VIEWER, "See the profitability report"),
    "rates.list_rates": (Role.VIEWER, "See the exchange rates"),
    "rates.missing": (Role.VIEWER, "See which exchange rates are missing"),
    "rates.currencies": (Role.VIEWER, "See in which currencies amounts are"),
    "rates.get": (Role.VIEWER, "Open an exchange rate"),
    "contradictions.findings": (Role.VIEWER, "See where records contradict each other"),
    "evidence.evidence": (Role.VIEWER, "See the records behind a finding"),
    "attention.findings": (Role.VIEWER, "See what needs attention"),
    "what_to_do.findings": (Role.VIEWER, "See what to do first"),
    "closed_months.figures": (Role.VIEWER, "See how much is recorded in each month"),
    "closed_months.list_closed": (Role.VIEWER, "See which months are closed"),
    "closed_months.is_closed": (Role.VIEWER, "See whether a month is closed"),
    "tenants.get": (Role.VIEWER, "See the organisation's settings"),
    "audit.history": (Role.VIEWER, "See the history of a record"),
    "audit.note_export": (Role.VIEWER, "Take what one sees away as a file"),
    "exports.write": (Role.VIEWER, "Take a table away as a file"),
    "account.sessions": (Role.VIEWER, "See where one is signed in"),
    "account.end_session": (Role.VIEWER, "End one of one's own sessions"),
    "account.end_other_sessions": (Role.VIEWER, "End all one's other sessions"),
    "clients.add": (Role.EDITOR, "Add a client"),
    "clients.change": (Role.EDITOR, "Change a client"),
    "clients.delete": (Role.EDITOR, "Delete a client and all recorded for it"),
    "financials.add": (Role.EDITOR, "Record figures"),
    "financials.change": (Role.EDITOR, "Change figures"),
    "financials.delete": (Role.EDITOR, "Delete figures"),
    "leads.add": (Role.EDITOR, "Record a lead event"),
    "leads.change": (Role.EDITOR, "Change a lead event"),
    "leads.delete": (Role.EDITOR, "Delete a lead event"),
    "metrics.add": (Role.EDITOR, "Record a metric value"),
    "metrics.change": (Role.EDITOR, "Change a metric value"),
    "metrics.delete": (Role.EDITOR, "Delete a metric value"),
    "month_entry.save_financials": (Role.EDITOR, "Enter a month's figures in a grid"),
    "month_entry.save_leads": (Role.EDITOR, "Enter a month's lead events in a grid"),
    "month_entry.save_metrics": (Role.EDITOR, "Enter a month's metric values in a grid"),
    "imports.suggest": (Role.EDITOR, "See how a file would be read"),
    "imports.propose": (Role.EDITOR, "See what a file would change"),
    "imports.confirm": (Role.EDITOR, "Import a file"),
    "imports.list_imports": (Role.EDITOR, "See the imports"),
    "imports.undo": (Role.EDITOR, "Undo an import"),
    "rates.add": (Role.EDITOR, "Enter an exchange rate"),
    "rates.change": (Role.EDITOR, "Change an exchange rate"),
    "rates.delete": (Role.EDITOR, "Delete an exchange rate"),
    "rates.put_all": (Role.EDITOR, "Enter many exchange rates at once"),
    "dismissals.dismiss": (Role.EDITOR, "Put a finding away as fine"),
    "dismissals.restore": (Role.EDITOR, "Bring a finding back"),
    "metric_definitions.define": (Role.EDITOR, "Define a metric"),
    "metric_definitions.redefine": (Role.EDITOR, "Change what a metric is"),
    "metric_definitions.remove_definition": (Role.EDITOR, "Remove a metric"),
    "team.members": (Role.ADMIN, "See the team"),
    "team.find": (Role.ADMIN, "Find somebody of the team"),
    "team.change_role": (Role.ADMIN, "Change somebody's role"),
    "team.deactivate": (Role.ADMIN, "Deactivate somebody"),
    "team.reactivate": (Role.ADMIN, "Reactivate somebody"),
    "team.delete": (Role.ADMIN, "Delete somebody"),
    "team.reset_link": (Role.ADMIN, "Make a link for somebody's new password"),
    "team.remove_second_factor": (Role.ADMIN, "Switch somebody's second factor off"),
    "invitations.pending": (Role.ADMIN, "See who was invited"),
    "invitations.invite": (Role.ADMIN, "Invite somebody"),
    "invitations.send_again": (Role.ADMIN, "Send an invitation again"),
    "invitations.withdraw": (Role.ADMIN, "Withdraw an invitation"),
    "closed_months.close": (Role.ADMIN, "Close a month"),
    "closed_months.close_through": (Role.ADMIN, "Close all months up to one"),
    "closed_months.reopen": (Role.ADMIN, "Reopen a month"),
    "tenants.change_security": (Role.ADMIN, "Require a second factor of everyone"),
    "audit.entries": (Role.ADMIN, "See the audit trail"),
    "audit.count": (Role.ADMIN, "Count the entries of the trail"),
    "audit.people": (Role.ADMIN, "See who is on the trail"),
    "exports.write_trail": (Role.ADMIN, "Take the audit trail away as a file"),
}
# These ask for one's present password; whose it is decides, not the role.
BY_PASSWORD = ("account.change_password", "account.check_password")
