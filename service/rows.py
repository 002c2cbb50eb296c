"""Rows of a model, written and read without Django's query builder.

For what every order goes through, building a statement anew each time would cost more than the
database does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import connections, router
from django.db.models import AutoField, Model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Converter = Callable[[Any, Any, Any], Any]

M = TypeVar("M", bound=Model)


def run(model: type[Model], statement: str, parameters: Sequence[Any]) -> tuple[int, list[Any]]:
    """Execute a statement on the database of ``model``.

    Returns how many rows it changed, and those that it returns.
    """
    connection: Any = connections[router.db_for_write(model)]
    if connection.vendor == "sqlite":
        return connection.run(statement, parameters)  # type: ignore[no-any-return] # `labsite.sqlite`
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount, cursor.fetchall() if cursor.description else []


class Rows(Generic[M]):
    """The rows of ``model``, in the database that its router names."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        meta = model._meta
        self._key: Any = meta.pk
        self._fields: list[Any] = list(meta.concrete_fields)
        self._given = [field for field in self._fields if not isinstance(field, AutoField)]
        # SQLite and PostgreSQL quote alike.
        table, key = f'"{meta.db_table}"', f'"{self._key.column}"'
        names = ", ".join(f'"{field.column}"' for field in self._given)
        values = ", ".join(["%s"] * len(self._given))
        self._insert = f"INSERT INTO {table} ({names}) VALUES ({values})"  # noqa: S608 (names of our own)
        self._returns = len(self._given) < len(self._fields)
        if self._returns:
            self._insert += f" RETURNING {key}"
        columns = ", ".join(f'"{field.column}"' for field in self._fields)
        self._find = f"SELECT {columns} FROM {table} WHERE {key} = %s"  # noqa: S608 (names of our own)
        self._names = [field.attname for field in self._fields]
        self._converters: list[tuple[int, Any, list[Converter]]] | None = None

    def insert(self, row: M) -> None:
        """Store ``row``, which is new; committed when this returns, outside a transaction."""
        connection = connections[router.db_for_write(self._model)]
        given = [
            field.get_db_prep_save(getattr(row, field.attname), connection) for field in self._given
        ]
        _, returned = run(self._model, self._insert, given)
        if self._returns:
            row.pk = returned[0][0]

    def find(self, key: object) -> M | None:
        """Read the row under the primary key ``key``; None when there is none."""
        connection = connections[router.db_for_read(self._model)]
        _, found = run(self._model, self._find, [self._key.get_db_prep_value(key, connection)])
        if not found:
            return None
        values = list(found[0])
        for place, column, converters in self._converted(connection):
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return self._model.from_db(connection.alias, self._names, values)

    def _converted(self, connection: Any) -> list[tuple[int, Any, list[Converter]]]:
        """List, once, the places whose values are not as the database gives them."""
        if self._converters is None:
            listed = []
            for place, field in enumerate(self._fields):
                column = field.get_col(self._model._meta.db_table)
                converters = [
                    *connection.ops.get_db_converters(column),
                    *column.get_db_converters(connection),
                ]
                if converters:
                    listed.append((place, column, converters))
            self._converters = listed
        return self._converters
