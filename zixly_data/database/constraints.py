"""Error messages for the constraints on data that people enter.

Maps a constraint's name to its field and to a sentence on what to change. PostgreSQL enforces, this
explains. The limit of an optional text, `client_note_length`, follows from its field. A test over
the catalogue fails if a constraint has no sentence or a sentence no constraint.
"""

from __future__ import annotations

from zixly_data.tables.catalogue import ENTRY_TABLES

_DATE = "The date must be between 1 January 2000 and 31 December 2100."
_SOURCE = "The source is missing or too long. It can have up to 50 characters."
_EXTERNAL = "The external ID of the record is empty or too long. It can have up to 200 characters."
_SOURCE_TWICE = "This record from the other system is already in Zixly."
_CLIENT_GONE = "This client no longer exists. Someone may have deleted it."
_EMAIL = "This is not an email address. Enter one such as name@example.com."

SENTENCES: dict[str, tuple[str | None, str]] = {
    "tenant_id_form": ("id", "The ID can have up to 64 letters, digits, dots and dashes."),
    "tenants_pkey": ("id", "An organisation with this ID already exists."),
    "tenant_name_length": ("name", "The name is missing or longer than 200 characters."),
    "tenant_industry_length": ("industry", "The industry is longer than 200 characters."),
    "tenant_time_zone_length": ("time_zone", "The time zone is missing or too long."),
    "tenant_currency_form": ("reporting_currency", "The currency must be a three-letter code."),
    "tenant_financial_year_month": (
        "financial_year_start_month",
        "The financial year must start in a month from 1 to 12.",
    ),
    "user_id_form": ("id", "The ID can have up to 64 letters, digits, dots and dashes."),
    "user_email_form": ("email", _EMAIL),
    "user_email_unique": ("email", "A user with this email address already exists."),
    "user_name_length": ("full_name", "The name is missing or longer than 200 characters."),
    "user_role_known": ("role", "The role must be ADMIN, EDITOR or VIEWER."),
    "user_status_known": ("status", "The status must be ACTIVE or INACTIVE."),
    "session_kind_known": (None, "There is no such type of session."),
    "session_secret_unique": (None, "This session already exists."),
    "invitation_token_unique": (None, "This invitation already exists."),
    "invitation_email_form": ("email", _EMAIL),
    "invitation_role_known": ("role", "The role must be ADMIN, EDITOR or VIEWER."),
    "invitation_open_unique": (
        "email",
        "This person already has an open invitation. Send it again instead.",
    ),
    "password_reset_token_unique": (None, "This link already exists."),
    "second_factor_unique": (None, "Two-step sign-in is already set up."),
    "client_external_id_unique": ("client_id", "Another client already has this external ID."),
    "client_external_id_length": (
        "client_id",
        "The external ID is missing or too long. It can have up to 100 characters.",
    ),
    "client_name_length": (
        "client_name",
        "The name is missing or too long. It can have up to 200 characters.",
    ),
    "client_currency_form": ("currency", "The currency must be a three-letter code such as AUD."),
    "client_status_known": ("status", "The status must be ACTIVE, COMPLETED or PROSPECT."),
    "financial_client": ("client_kpi_id", _CLIENT_GONE),
    "financial_source_unique": ("external_id", _SOURCE_TWICE),
    "financial_date_range": ("record_date", _DATE),
    "financial_source_length": ("source_system", _SOURCE),
    "financial_external_id_length": ("external_id", _EXTERNAL),
    "lead_stage_unique": ("stage", "A stage with this name already exists."),
    "lead_stage_status_unique": ("stage", "A stage with this name already exists."),
    "lead_stage_length": ("stage", "The stage is missing or longer than 100 characters."),
    "lead_stage_position": ("position", "The position must be between 1 and 99."),
    "lead_stage_status_known": ("status", "The status of a stage must be open, won or lost."),
    "lead_event_client": ("client_kpi_id", _CLIENT_GONE),
    "lead_event_stage": ("stage", "This stage no longer exists. Choose another."),
    "lead_event_source_unique": ("external_id", _SOURCE_TWICE),
    "lead_event_lead_length": (
        "lead_id",
        "The lead is missing or too long. It can have up to 100 characters.",
    ),
    "lead_event_date_range": ("event_date", _DATE),
    "lead_event_time_on_date": ("event_at", "The time is on another day than the date."),
    "lead_event_value_positive": ("value", "The value of a lead cannot be negative."),
    "lead_event_source_length": ("source_system", _SOURCE),
    "lead_event_external_id_length": ("external_id", _EXTERNAL),
    "metric_definition_unique": ("metric_name", "A metric with this name already exists."),
    "metric_definition_unit_unique": ("metric_name", "A metric with this name already exists."),
    "metric_name_length": (
        "metric_name",
        "The metric's name is missing or longer than 100 characters.",
    ),
    "metric_unit_length": ("unit", "The unit is missing or longer than 40 characters."),
    "metric_kind_known": ("kind", "There is no such type of metric."),
    "metric_direction_known": ("direction", "The direction must be UP or DOWN."),
    "metric_rating_scale": (
        "out_of",
        "A rating needs a scale, such as 5. Other types have no scale.",
    ),
    "metric_purpose_known": ("purpose", "There is no such use of a metric."),
    "metric_purpose_kind": ("purpose", "Billable hours must be a number, a count or a duration."),
    "metric_definition_purpose_unique": (
        "purpose",
        "Another metric is already used for this.",
    ),
    "metric_adds_up_known": ("adds_up", "There is no such way of adding up values."),
    "metric_adds_up_kind": ("adds_up", "Values of this type do not add up this way."),
    "metric_over_clients_known": ("over_clients", "There is no such way of adding up clients."),
    "metric_over_clients_kind": (
        "over_clients",
        "Only totals and latest values of numbers, counts and durations add up over clients.",
    ),
    "metric_formula_computed": ("formula", "Only computed metrics have a formula."),
    "metric_symbol_form": ("metric_name", "This name makes no symbol for formulas."),
    "metric_symbol_unique": (
        "metric_name",
        "Someone has just defined a metric with this name. Save again.",
    ),
    "metric_recorded_unique": (None, "This metric already exists."),
    "metric_recorded_unit_unique": ("metric_name", "A metric with this name already exists."),
    "metric_input_of": (None, "This metric no longer exists."),
    "metric_input_recorded": (
        None,
        "A formula uses this metric, so it cannot be deleted or computed from others.",
    ),
    "metric_input_unique": (None, "This metric is already an input of the formula."),
    "metric_target_metric": (None, "This metric no longer exists. Someone may have deleted it."),
    "metric_target_client": ("client_kpi_id", _CLIENT_GONE),
    "metric_target_unique": (
        "from_month",
        "There is already a target from this month. Change that one, or choose another month.",
    ),
    "metric_target_month_first": ("from_month", "A target starts on the first of a month."),
    "metric_target_month_range": ("from_month", _DATE),
    "metric_target_kind_known": ("kind", "There is no such type of target."),
    "metric_target_low_given": ("low", "This type of target needs other numbers."),
    "metric_target_high_given": ("high", "This type of target needs other numbers."),
    "metric_target_edges_ordered": (None, "The numbers of the target are in the wrong order."),
    "metric_target_edges_numbers": (None, "This is not a number."),
    "custom_metric_client": ("client_kpi_id", _CLIENT_GONE),
    "custom_metric_definition": ("metric_name", "This metric does not exist. Define it first."),
    "custom_metric_source_unique": ("external_id", _SOURCE_TWICE),
    "custom_metric_date_range": ("record_date", _DATE),
    "custom_metric_source_length": ("source_system", _SOURCE),
    "custom_metric_external_id_length": ("external_id", _EXTERNAL),
    "integration_unique": ("kind", "This integration is already set up."),
    "integration_kind_known": ("kind", "There is no such integration."),
    "integration_status_known": ("status", "There is no such status."),
    "closed_month_unique": ("month", "This month is already closed."),
    "closed_month_first_day": ("month", "Enter a month as its first day."),
    "closed_month_range": ("month", _DATE),
    "import_kind_known": ("kind", "There is no such type of import."),
    "import_file_name_length": (
        "file_name",
        "The file name is missing or longer than 255 characters.",
    ),
    "import_checksum_form": ("checksum", "The file checksum is not valid."),
    "import_counts": (None, "The row counts of an import cannot be negative."),
    "import_mapping_unique": (None, "This column mapping already exists."),
    "import_mapping_kind_known": ("kind", "There is no such type of import."),
    "import_mapping_header_form": (None, "The file header cannot be saved."),
    "import_mapping_size": (None, "There are too many columns and clients to save."),
    "financial_month_unique": (None, "The totals of this month already exist."),
    "overhead_source_unique": ("external_id", _SOURCE_TWICE),
    "overhead_date_range": ("record_date", _DATE),
    "overhead_currency_form": ("currency", "The currency must be a three-letter code such as AUD."),
    "overhead_kind_known": ("kind", "The type must be OVERHEAD or UNASSIGNED."),
    "overhead_source_length": ("source_system", _SOURCE),
    "overhead_external_id_length": ("external_id", _EXTERNAL),
    "overhead_month_unique": (None, "The totals of this month already exist."),
    "exchange_rate_unique": (
        "month",
        "There is already a rate for these currencies in this month.",
    ),
    "exchange_rate_first_day": ("month", "Enter the month of a rate as its first day."),
    "exchange_rate_range": ("month", _DATE),
    "exchange_rate_currency_form": (
        "currency",
        "The currency must be a three-letter code such as NZD.",
    ),
    "exchange_rate_two_currencies": ("currency", "A rate needs two different currencies."),
    "exchange_rate_positive": ("rate", "A rate must be more than zero and at most 1,000,000,000."),
    "exchange_rate_source_length": ("source_system", _SOURCE),
    "finding_dismissal_client": ("client_kpi_id", _CLIENT_GONE),
    "finding_dismissal_unique": (None, "This finding is already dismissed."),
    "finding_dismissal_kind_form": (None, "There is no such kind of finding."),
    "finding_dismissal_subject_length": (None, "This finding cannot be dismissed."),
    "finding_dismissal_reason_length": (
        "reason",
        "Enter a reason of up to 500 characters.",
    ),
    "saved_view_user": (None, "This person no longer exists."),
    "saved_view_unique": ("name", "You already have a view with this name."),
    "saved_view_default_unique": ("is_default", "Another view is already the default."),
    "saved_view_page_form": ("page", "There is no such page."),
    "saved_view_name_length": (
        "name",
        "The name is missing or too long. It can have up to 60 characters.",
    ),
    "saved_view_filters_length": ("filters", "There are too many filters to save as a view."),
    "date_note_client": ("client_kpi_id", _CLIENT_GONE),
    "date_note_date_range": ("day", _DATE),
    "date_note_words_length": (
        "words",
        "The note is missing or too long. It can have up to 200 characters.",
    ),
    "audit_action_known": (None, "There is no such action."),
}


def _length_sentences() -> dict[str, tuple[str | None, str]]:
    """Return the sentences for the lengths of optional texts, by `{noun}_{column}_length`."""
    return {
        f"{table.noun}_{name}_length": (
            name, f"The {field.noun} is too long. It can have up to {field.limit:,} characters."
        )
        for table in ENTRY_TABLES.values()
        for name, field in table.entered.items()
        if field.is_optional and field.type in ("text", "note")
    }  # fmt: skip


SENTENCES |= _length_sentences()
