"""Where records come from: resources and scopes, each of which many records share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from telemetry.records import Resource, Scope
from telemetry.store.coding import dumps, encoded

if TYPE_CHECKING:
    from collections.abc import Mapping


class Source(NamedTuple):
    """What the rows of one resource have in common; ``data`` is how it is kept."""

    service: str
    instance: str
    data: str


class Sources:
    """The resources and scopes of one batch, each looked up once.

    They are known by their identity, since their attributes can't be hashed, and held: no other one
    may have it meanwhile.
    """

    def __init__(self) -> None:
        self._resources: dict[int, tuple[Resource, Source]] = {}
        self._scopes: dict[int, tuple[Scope, str]] = {}

    def resource(self, resource: Resource) -> Source:
        """Return what the rows of ``resource`` have in common."""
        found = self._resources.get(id(resource))
        if found is None:
            source = Source(
                resource.service_name, resource.service_instance_id, _resource_data(resource)
            )
            found = self._resources[id(resource)] = resource, source
        return found[1]

    def scope(self, scope: Scope) -> str:
        """Return ``scope`` as it is kept."""
        found = self._scopes.get(id(scope))
        if found is None:
            found = self._scopes[id(scope)] = scope, _scope_data(scope)
        return found[1]


def resource_of(data: Mapping[str, Any]) -> Resource:
    """Make the resource that is kept as ``data``."""
    return Resource(data.get("a", {}), data.get("d", 0), data.get("u", ""))


def scope_of(data: Mapping[str, Any]) -> Scope:
    """Make the scope that is kept as ``data``."""
    return Scope(
        data.get("n", ""), data.get("v", ""), data.get("a", {}), data.get("d", 0), data.get("u", "")
    )


def _resource_data(resource: Resource) -> str:
    return dumps(
        {
            "a": encoded(resource.attributes),
            "d": resource.dropped_attributes_count,
            "u": resource.schema_url,
        }
    )


def _scope_data(scope: Scope) -> str:
    return dumps(
        {
            "n": scope.name,
            "v": scope.version,
            "a": encoded(scope.attributes),
            "d": scope.dropped_attributes_count,
            "u": scope.schema_url,
        }
    )
