"""Where a record comes from: entered by people, read from their files, or kept by a source.

Records of a source such as Xero are written by its sync alone. PostgreSQL refuses people
(`sql/policies.sql`); this names the source and says what to do.
"""

from __future__ import annotations

MANUAL, FILE = "manual", "file"
ENTERED = (MANUAL, FILE)
_NAMES = {MANUAL: "manual", FILE: "file", "xero": "Xero", "hubspot": "HubSpot"}


def source_name(source_system: str) -> str:
    """Return the name of a source in a sentence: `Xero`."""
    return _NAMES.get(source_system, source_system)


def is_synced(source_system: str) -> bool:
    """Return whether the record belongs to a source, so that people only read it."""
    return source_system not in ENTERED


def synced_text(source_system: str) -> str:
    """Return the sentence for a record of a source: `This comes from Xero. Change it there.`"""
    return f"This comes from {source_name(source_system)}. Change it there."
