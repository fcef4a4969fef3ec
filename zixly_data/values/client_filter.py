"""Which clients a question is about, as plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClientFilter:
    """A choice of clients. Every part narrows it further; an empty part means "all".

    `client_kpi_ids` are our own ids (`client_kpis.id`), `statuses` are `ACTIVE` or `COMPLETED`,
    `industries` are spelled as recorded, `search` is looked for in the client's name and in its
    external id, without regard to case; `currencies` are codes.
    """

    client_kpi_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    search: str = ""
    currencies: tuple[str, ...] = ()

    @property
    def only(self) -> str | None:
        """The client's id where exactly one is chosen by id: what a new record is surely about."""
        return self.client_kpi_ids[0] if len(self.client_kpi_ids) == 1 else None
