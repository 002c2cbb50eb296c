"""OpenAPI schemas of the lab's HTTP calls: the API's own, and what the routes of others tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.fuzz import calls
from tests.fuzz.wire import Call, send

if TYPE_CHECKING:
    from collections.abc import Mapping

_VALUE = re.compile(r"<(?:\w+:)?(\w+)>")
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}
_ANY_METHODS = "GET, POST, PATCH, DELETE"
_UNTYPED_METHODS = {"OPTIONS", "HEAD"}
_WITH_BODY = {"POST", "PATCH", "PUT"}


def schema_of_routes(
    paths: list[str], bodies: Mapping[str, Any], port: int, headers: Mapping[str, str]
) -> dict[str, Any]:
    """Describe ``paths`` by what is known of them: their methods, their values, a right body."""
    described = {}
    for path in paths:
        body = next((value for begin, value in bodies.items() if path.startswith(begin)), None)
        described[_VALUE.sub(r"{\1}", path)] = {
            method.lower(): _operation(path, method, body)
            for method in _methods(path, port, headers)
        }
    return _document(described)


def own_schema(port: int) -> dict[str, Any]:
    """Ask the API for its own."""
    asked = Call("GET", "/api/schema", [("Accept", "application/vnd.oai.openapi+json")])
    found = send(port, asked).as_json()
    assert isinstance(found, dict)
    return found


def _methods(path: str, port: int, headers: Mapping[str, str]) -> set[str]:
    """Ask which methods a path has; one that does not say may have any."""
    asked = Call("OPTIONS", _VALUE.sub("x", path), list(headers.items()))
    allowed = send(port, asked).headers.get("allow", _ANY_METHODS)
    return {each.strip() for each in allowed.split(",")} - _UNTYPED_METHODS


def _operation(path: str, method: str, body: Any) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _VALUE.findall(path)
    ]
    described: dict[str, Any] = {"responses": {"default": {"description": "any"}}}
    if method in _WITH_BODY:
        schema = {} if body is None else _schema(body)
        described["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    else:
        parameters += [
            {"name": name, "in": "query", "schema": {"type": "string"}} for name in _query(path)
        ]
    return {**described, "parameters": parameters}


def _query(path: str) -> list[str]:
    # Some of the names for each path: all of them at once would say little of any.
    start = sum(path.encode()) % len(calls.PARAMETERS)
    return list(dict.fromkeys((*calls.PARAMETERS[start:], *calls.PARAMETERS)))[:6]


def _schema(example: Any) -> dict[str, Any]:
    """Describe what is like ``example``."""
    if isinstance(example, dict):
        properties = {name: _schema(value) for name, value in example.items()}
        return {"type": "object", "properties": properties, "example": example}
    if isinstance(example, list):
        return {"type": "array", "items": _schema(example[0]) if example else {}}
    return {"type": _TYPES[type(example)], "example": example}


def _document(paths: Mapping[str, Any]) -> dict[str, Any]:
    info = {"title": "the lab", "version": "1"}
    return {"openapi": "3.0.3", "info": info, "paths": {k: v for k, v in paths.items() if v}}
