"""Error messages for the constraints on data that people enter.

Maps a constraint's name to its field and to a sentence on what to change. PostgreSQL enforces, this
explains. The limit of an optional text, `client_note_length`, follows from its field. A test over
the catalogue fails if a constraint has no sentence or a sentence no constraint.
"""

from __future__ import annotations

from zixly_data.tables.catalogue import ENTRY_TABLES

_DATE = "The date must lie between 1 January 2000 and 31 December 2100."
_SOURCE = "The source is missing or too long. It may have up to 50 characters."
_EXTERNAL = "The external ID of the record is empty or too long. It may have up to 200 characters."
_SOURCE_TWICE = "This record of the other system is in Zixly already."
_CLIENT_GONE = "This client is not there any more. Someone may have deleted it."
_EMAIL = "This is not an email address. Write it like name@example.com."

SENTENCES: dict[str, tuple[str | None, str]] = {
    "tenant_id_form": ("id", "The ID may contain letters, digits, dots and dashes, up to 64."),
    "tenants_pkey": ("id", "An organisation with this ID exists already."),
    "tenant_name_length": ("name", "The name is missing or longer than 200 characters."),
    "tenant_industry_length": ("industry", "The industry is longer than 200 characters."),
    "tenant_time_zone_length": ("time_zone", "The time zone is missing or too long."),
    "tenant_currency_form": ("reporting_currency", "The currency is a code of three letters."),
    "tenant_financial_year_month": (
        "financial_year_start_month",
        "The financial year starts in a month from 1 to 12.",
    ),
    "user_id_form": ("id", "The ID may contain letters, digits, dots and dashes, up to 64."),
    "user_email_form": ("email", _EMAIL),
    "user_email_unique": ("email", "A user with this email address exists already."),
    "user_name_length": ("full_name", "The name is missing or longer than 200 characters."),
    "user_role_known": ("role", "The role must be ADMIN, EDITOR or VIEWER."),
    "user_status_known": ("status", "The status must be ACTIVE or INACTIVE."),
    "session_kind_known": (None, "This kind of session is not known."),
    "session_secret_unique": (None, "This session exists already."),
    "invitation_token_unique": (None, "This invitation exists already."),
    "invitation_email_form": ("email", _EMAIL),
    "invitation_role_known": ("role", "The role must be ADMIN, EDITOR or VIEWER."),
    "invitation_open_unique": (
        "email",
        "This person has an open invitation already. Send it again instead.",
    ),
    "password_reset_token_unique": (None, "This link exists already."),
    "second_factor_unique": (None, "A second factor is set up already."),
    "client_external_id_unique": ("client_id", "Another client has this external ID already."),
    "client_external_id_length": (
        "client_id",
        "The external ID is missing or too long. It may have up to 100 characters.",
    ),
    "client_name_length": (
        "client_name",
        "The name is missing or too long. It may have up to 200 characters.",
    ),
    "client_currency_form": ("currency", "The currency is a code of three letters, like AUD."),
    "client_status_known": ("status", "The status must be ACTIVE or COMPLETED."),
    "financial_client": ("client_kpi_id", _CLIENT_GONE),
    "financial_source_unique": ("external_id", _SOURCE_TWICE),
    "financial_date_range": ("record_date", _DATE),
    "financial_source_length": ("source_system", _SOURCE),
    "financial_external_id_length": ("external_id", _EXTERNAL),
    "lead_stage_unique": ("stage", "A stage with this name exists already."),
    "lead_stage_status_unique": ("stage", "A stage with this name exists already."),
    "lead_stage_length": ("stage", "The stage is missing or longer than 100 characters."),
    "lead_stage_position": ("position", "The position must lie between 1 and 99."),
    "lead_stage_status_known": ("status", "A stage is open, won or lost."),
    "lead_event_client": ("client_kpi_id", _CLIENT_GONE),
    "lead_event_stage": ("stage", "This stage is not there any more. Choose another."),
    "lead_event_source_unique": ("external_id", _SOURCE_TWICE),
    "lead_event_lead_length": (
        "lead_id",
        "The lead is missing or too long. It may have up to 100 characters.",
    ),
    "lead_event_date_range": ("event_date", _DATE),
    "lead_event_value_positive": ("value", "The value of a lead cannot be negative."),
    "lead_event_source_length": ("source_system", _SOURCE),
    "lead_event_external_id_length": ("external_id", _EXTERNAL),
    "metric_definition_unique": ("metric_name", "A metric with this name exists already."),
    "metric_definition_unit_unique": ("metric_name", "A metric with this name exists already."),
    "metric_name_length": (
        "metric_name",
        "The metric's name is missing or longer than 100 characters.",
    ),
    "metric_unit_length": ("unit", "The unit is missing or longer than 40 characters."),
    "metric_kind_known": ("kind", "This kind of metric is not known."),
    "metric_direction_known": ("direction", "The direction must be UP or DOWN."),
    "metric_rating_scale": ("out_of", "A rating needs a scale, such as 5, and only a rating."),
    "metric_purpose_known": ("purpose", "This use of a metric is not known."),
    "metric_purpose_kind": ("purpose", "Billable hours are a number, a count or a duration."),
    "metric_definition_purpose_unique": (
        "purpose",
        "Another metric is used for this already.",
    ),
    "custom_metric_client": ("client_kpi_id", _CLIENT_GONE),
    "custom_metric_definition": ("metric_name", "This metric is not defined. Define it first."),
    "custom_metric_source_unique": ("external_id", _SOURCE_TWICE),
    "custom_metric_date_range": ("record_date", _DATE),
    "custom_metric_source_length": ("source_system", _SOURCE),
    "custom_metric_external_id_length": ("external_id", _EXTERNAL),
    "integration_unique": ("kind", "This integration is set up already."),
    "integration_kind_known": ("kind", "This integration is not known."),
    "integration_status_known": ("status", "This status is not known."),
    "closed_month_unique": ("month", "This month is closed already."),
    "closed_month_first_day": ("month", "A month is closed by its first day."),
    "closed_month_range": ("month", _DATE),
    "import_kind_known": ("kind", "This kind of import is not known."),
    "import_file_name_length": (
        "file_name",
        "The name of the file is missing or longer than 255 characters.",
    ),
    "import_checksum_form": ("checksum", "The checksum of the file is not one."),
    "import_counts": (None, "An import cannot count fewer than no rows."),
    "import_mapping_unique": (None, "This mapping is on record already."),
    "import_mapping_kind_known": ("kind", "This kind of import is not known."),
    "import_mapping_header_form": (None, "The header of the file cannot be remembered."),
    "import_mapping_size": (None, "There are too many columns and clients to remember."),
    "financial_month_unique": (None, "The sums of this month are on record already."),
    "exchange_rate_unique": (
        "month",
        "There is a rate of these currencies for this month already.",
    ),
    "exchange_rate_first_day": ("month", "A rate is of a month, given by its first day."),
    "exchange_rate_range": ("month", _DATE),
    "exchange_rate_currency_form": (
        "currency",
        "The currency is a code of three letters, like NZD.",
    ),
    "exchange_rate_two_currencies": ("currency", "A rate is between two different currencies."),
    "exchange_rate_positive": ("rate", "A rate is more than zero, and at most 1,000,000,000."),
    "exchange_rate_source_length": ("source_system", _SOURCE),
    "finding_dismissal_client": ("client_kpi_id", _CLIENT_GONE),
    "finding_dismissal_unique": (None, "This finding was put away already."),
    "finding_dismissal_kind_form": (None, "This kind of finding is not known."),
    "finding_dismissal_subject_length": (None, "This finding cannot be put away."),
    "finding_dismissal_reason_length": (
        "reason",
        "Say why this is fine, in up to 500 characters.",
    ),
    "saved_view_user": (None, "This person is not there any more."),
    "saved_view_unique": ("name", "You have a view with this name already."),
    "saved_view_default_unique": ("is_default", "Another view is the default already."),
    "saved_view_page_form": ("page", "This page is not known."),
    "saved_view_name_length": (
        "name",
        "The name is missing or too long. It may have up to 60 characters.",
    ),
    "saved_view_filters_length": ("filters", "There are too many filters to save as a view."),
    "date_note_client": ("client_kpi_id", _CLIENT_GONE),
    "date_note_date_range": ("day", _DATE),
    "date_note_words_length": (
        "words",
        "The note is missing or too long. It may have up to 200 characters.",
    ),
    "audit_action_known": (None, "This action is not known."),
}


def _length_sentences() -> dict[str, tuple[str | None, str]]:
    """Return the sentences for the lengths of optional texts, by `{noun}_{column}_length`."""
    return {
        f"{table.noun}_{name}_length": (
            name, f"The {field.noun} is too long. It may have up to {field.limit:,} characters."
        )
        for table in ENTRY_TABLES.values()
        for name, field in table.entered.items()
        if field.is_optional and field.type in ("text", "note")
    }  # fmt: skip


SENTENCES |= _length_sentences()
