"""The command `tenant`: organisations and their settings."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access, tables, terminal
from zixly_data.errors import InvalidInput, NotConfirmed
from zixly_data.operations import operator
from zixly_data.people import tenants
from zixly_data.tables.field import Field
from zixly_data.tables.tenants import TENANTS, OrganisationDraft
from zixly_data.values import time_zones
from zixly_data.values.dates import MONTH_NAMES

app = typer.Typer(
    help="Organisations: the businesses that use this installation.", no_args_is_help=True
)


@app.command()
def create(
    tenant_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="Letters, digits, dots and dashes. Cannot be changed."),
    ],
    name: Annotated[str, typer.Argument(help="The name of the organisation.")],
    industry: Annotated[str | None, typer.Option(help="Its industry.")] = None,
    time_zone: Annotated[
        str, typer.Option(help="Decides when its day starts.")
    ] = time_zones.DEFAULT,
    currency: Annotated[str, typer.Option(help="Its reporting currency.")] = "AUD",
) -> None:
    """Create an organisation with the default lead stages and no people."""
    operator.create_tenant(
        access.operator_url(), tenant_id, name,
        industry=industry, time_zone=time_zone, currency=currency,
    )  # fmt: skip
    terminal.say(f"{name} was created. Add its first administrator:")
    terminal.say(
        f"python -m zixly_data user add EMAIL --name NAME --role ADMIN --tenant {tenant_id}"
    )


@app.command("set")
def change(
    as_email: access.As,
    name: Annotated[str | None, typer.Option(help="The name of the organisation.")] = None,
    industry: Annotated[
        str | None, typer.Option(help="Its industry. An empty one removes it.")
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="Decides when “today” and “this month” begin.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="The currency of converted totals.")] = None,
    financial_year_start: Annotated[
        str | None,
        typer.Option(metavar="MONTH", help="The first month of the financial year: July or 7."),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Group years and quarters again although months are closed."),
    ] = False,
) -> None:
    """Change the settings of an organisation, and print what changed and what it means."""
    typed = {
        "name": name,
        "industry": industry,
        "time_zone": time_zone,
        "reporting_currency": currency,
        "financial_year_start_month": financial_year_start,
    }
    entered = {
        column: TENANTS.entered[column].parse(text)
        for column, text in typed.items()
        if text is not None
    }
    if not entered:
        raise InvalidInput(
            "No setting was named.", advice="Name one, for example: --time-zone Australia/Perth"
        )
    with access.acting_as(as_email) as identity:
        before = tenants.get(identity)
        draft = OrganisationDraft(
            **{column: entered.get(column, getattr(before, column)) for column in TENANTS.entered}
        )
        try:
            after = tenants.change(identity, before.version, draft, confirms_new_years=yes)
        except NotConfirmed as error:
            raise NotConfirmed(str(error), advice="To change it anyway, add --yes.") from None
    changed = [
        field
        for column, field in TENANTS.entered.items()
        if getattr(before, column) != getattr(after, column)
    ]
    for field in changed:
        old, new = (_text(getattr(state, field.name), field) for state in (before, after))
        terminal.result(f"{field.label}: {old} → {new}")
        terminal.say(field.help)
    if not changed:
        terminal.say("Nothing was changed.")


def _text(value: object, field: Field) -> str:
    if field.type == "calendar_month":
        return MONTH_NAMES[int(str(value)) - 1]
    return str(value or "none")


@app.command("list")
def list_all() -> None:
    """List the organisations."""
    terminal.result(tables.as_text(operator.list_tenants(access.operator_url())))
