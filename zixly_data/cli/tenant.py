"""The command `tenant`: organisations."""

from __future__ import annotations

from typing import Annotated

import typer

from zixly_data.cli import access, tables, terminal
from zixly_data.operations import operator

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
    ] = "Australia/Brisbane",
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


@app.command("list")
def list_all() -> None:
    """List the organisations."""
    terminal.result(tables.as_text(operator.list_tenants(access.operator_url())))
