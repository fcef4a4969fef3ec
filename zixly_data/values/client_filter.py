"""The filter of clients that queries and pages share, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClientFilter:
    """A selection of clients. Each part narrows it further; an empty part means "all".

    `client_kpi_ids` are Zixly's ids (`client_kpis.id`), `statuses` are `ACTIVE`, `COMPLETED` or
    `PROSPECT`, `industries` are spelled as recorded, `currencies` are codes of ISO 4217. `search`
    matches any part of the client's name or external id, ignoring case. Outside the lead funnel,
    prospects are selected only by id or by status, or with all others if `prospects`.
    """

    client_kpi_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    search: str = ""
    currencies: tuple[str, ...] = ()
    prospects: bool = False

    @property
    def single_client_id(self) -> str | None:
        """The client's id if exactly one is selected by id: the default client of a new record."""
        return self.client_kpi_ids[0] if len(self.client_kpi_ids) == 1 else None

    @property
    def selects_clients(self) -> bool:
        """Whether clients are left out for another reason than their currency."""
        return bool(self.client_kpi_ids or self.statuses or self.industries or self.search.strip())
