"""A table that people fill: the fields of its draft, and the lists of columns from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import NoneType
from typing import Any, get_args, get_type_hints

from zixly_data.tables.field import Field

_KEY = ("tenant_id", "id")
_RECORD = ("version", "created_at", "updated_at")


@dataclass(frozen=True)
class EntryTable:
    """A table of PostgreSQL whose columns people fill.

    `noun` starts the names of its constraints, `id_prefix` its ids. `draft` is the dataclass of
    what a person enters, each attribute annotated with its `Field`; `added` has the fields that
    Zixly fills itself. `is_imported` rows name their tenant, as a default for each row costs.
    """

    name: str
    noun: str
    id_prefix: str
    draft: type
    added: Mapping[str, Field] = field(default_factory=dict)
    is_imported: bool = False

    @cached_property
    def entered(self) -> dict[str, Field]:
        """The fields of the draft, by name and in its order."""
        hints = get_type_hints(self.draft, include_extras=True)
        fields = {}
        for name in (attribute.name for attribute in dataclasses.fields(self.draft)):
            value_type, annotated = hints[name].__origin__, hints[name].__metadata__[0]
            is_optional = NoneType in get_args(value_type)
            fields[name] = dataclasses.replace(annotated, name=name, is_optional=is_optional)
        return fields

    @cached_property
    def fields(self) -> dict[str, Field]:
        """All fields: those of the draft, then those that Zixly fills."""
        added = {name: dataclasses.replace(spec, name=name) for name, spec in self.added.items()}
        return self.entered | added

    def columns(self, *computed: str) -> tuple[str, ...]:
        """Return the columns of the table. `computed` are those that PostgreSQL fills."""
        return (*_KEY, *self.fields, *computed, *_RECORD)

    @cached_property
    def recordable(self) -> tuple[str, ...]:
        """The columns to which a new row may bring values."""
        return (*(_KEY if self.is_imported else ("id",)), *self.fields)

    @cached_property
    def changeable(self) -> tuple[str, ...]:
        """The columns that a change of a row may write."""
        return tuple(name for name, spec in self.fields.items() if spec.changeable)

    @cached_property
    def record(self) -> tuple[str, ...]:
        """The columns of one row as a person edits it: the entered ones, its id and version, and
        where it comes from."""
        source = tuple(name for name in self.added if name == "source_system")
        return ("id", *self.entered, *source, "version")

    def with_exported(self, *columns: str) -> tuple[str, ...]:
        """Return these columns of a CSV, and before its last one every other exported field."""
        exported = (
            name for name, spec in self.fields.items() if spec.exported and spec.type != "client"
        )
        rest = tuple(name for name in exported if name not in columns)
        return (*columns[:-1], *rest, columns[-1])

    def values(self, draft: Any) -> dict[str, Any]:
        """Return the values of a draft as they are recorded. Raises InvalidInput naming a field."""
        return {name: spec.validate(getattr(draft, name)) for name, spec in self.entered.items()}
