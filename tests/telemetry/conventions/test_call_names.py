"""What a call is named by the attributes of instrumentations, old conventions and new."""

from __future__ import annotations

from typing import Any

import pytest

from telemetry.conventions.call_names import call_name
from telemetry.records import Span, SpanKind

URL = "http://shop:9201/orders/17?of=ann"

HTTP: dict[str, tuple[str, str, dict[str, Any]]] = {
    "client": ("POST /orders", "POST", {"url.full": "http://shop/orders"}),
    "client, old": ("POST /orders", "HTTP POST", {"http.url": "http://shop/orders"}),
    "client with a query": ("GET /orders/17", "GET", {"url.full": URL}),
    "client with a template": (
        "GET /orders/{id}",
        "GET",
        {"url.template": "/orders/{id}", "url.full": URL},
    ),
    "Node's server": ("GET /price", "GET", {"url.path": "/price", "http.request.method": "GET"}),
    "Node's server, old": ("GET /price", "GET", {"http.target": "/price?of=apples"}),
    ".NET's server, old": ("GET /price", "/price", {"http.method": "GET"}),
    "Java's server, old": ("GET /shop/*", "/shop/*", {"http.method": "GET"}),
    "Go's client": (
        "GET /price",
        "HTTP GET",
        {"http.request.method": "GET", "url.full": "http://localhost:9201/price"},
    ),
    "a method of one's own": (
        "BREW /pot",
        "HTTP",
        {
            "http.request.method": "_OTHER",
            "http.request.method_original": "BREW",
            "url.path": "/pot",
        },
    ),
    "route in the name": ("POST /orders", "POST /orders", {"url.path": "/orders"}),
    "a name of one's own": ("place order", "place order", {"url.full": URL}),
    "no path": ("POST", "POST", {"server.address": "shop"}),
    "a URL that can't be read": ("POST", "POST", {"url.full": "http://[shop/orders"}),
    "no attribute at all": ("POST", "HTTP POST", {}),
}
RPC: dict[str, tuple[str, str, dict[str, Any]]] = {
    "gRPC": ("shop.Prices/Get", "shop.Prices/Get", {"rpc.method": "shop.Prices/Get"}),
    "gRPC, old": (
        "shop.Prices/Get",
        "/shop.Prices/Get",
        {"rpc.service": "shop.Prices", "rpc.method": "Get"},
    ),
    "a method alone": (
        "shop.Prices/Get",
        "Get",
        {"rpc.service": "shop.Prices", "rpc.method": "Get"},
    ),
    "a method alone, new": ("shop.Prices/Get", "Get", {"rpc.method": "shop.Prices/Get"}),
    "over HTTP": (
        "shop.Prices/Get",
        "POST",
        {"rpc.method": "shop.Prices/Get", "url.path": "/shop.Prices/Get"},
    ),
    "Node's": (
        "grpc.shop.Prices/Get",
        "grpc.shop.Prices/Get",
        {"rpc.service": "shop.Prices", "rpc.method": "Get"},
    ),
}
DATABASE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "table": (
        "SELECT orders",
        "SELECT",
        {
            "db.system.name": "postgresql",
            "db.collection.name": "orders",
            "db.operation.name": "SELECT",
        },
    ),
    "table, old": (
        "SELECT orders",
        "shop",
        {"db.system": "postgresql", "db.sql.table": "orders", "db.operation": "SELECT"},
    ),
    "a summary": (
        "SELECT orders stock",
        "shop",
        {"db.system.name": "mysql", "db.query.summary": "SELECT orders stock"},
    ),
    "a statement": (
        "INSERT orders",
        "INSERT",
        {"db.system": "postgresql", "db.statement": "INSERT INTO orders VALUES (%s)"},
    ),
    "a statement that begins another way": (
        "COMMIT postgresql",
        "COMMIT",
        {"db.system": "postgresql", "db.statement": "COMMIT"},
    ),
    "a name that has more": (
        "SELECT shop.orders",
        "SELECT shop.orders",
        {"db.system": "postgresql", "db.sql.table": "orders", "db.operation": "SELECT"},
    ),
    "Node's": (
        "pg.query:SELECT shop",
        "pg.query:SELECT shop",
        {"db.system": "postgresql", "db.statement": "SELECT 1"},
    ),
    "Redis": ("GET redis", "GET", {"db.system": "redis", "db.statement": "GET ?"}),
    "MongoDB": (
        "find orders",
        "mongodb.find",
        {"db.system": "mongodb", "db.mongodb.collection": "orders", "db.operation": "find"},
    ),
    "over HTTP": (
        "search orders",
        "POST",
        {
            "db.system.name": "elasticsearch",
            "db.collection.name": "orders",
            "db.operation.name": "search",
            "url.full": "http://es:9200/orders/_search",
        },
    ),
    "nothing but the system": ("shop", "shop", {"db.system": "mssql"}),
    "a statement that is none": ("x", "x", {"db.system": "mssql", "db.statement": "--"}),
}
MESSAGES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "an operation alone": (
        "publish orders",
        "publish",
        {"messaging.system": "rabbitmq", "messaging.destination.name": "orders"},
    ),
    "an operation alone, old": (
        "receive orders",
        "receive",
        {"messaging.system": "kafka", "messaging.destination": "orders"},
    ),
    "no name": (
        "send orders",
        "",
        {
            "messaging.system": "kafka",
            "messaging.destination.name": "orders",
            "messaging.operation.name": "send",
        },
    ),
    "by the conventions": (
        "send orders",
        "send orders",
        {"messaging.system": "kafka", "messaging.destination.name": "orders"},
    ),
    "by the conventions, old": (
        "orders publish",
        "orders publish",
        {"messaging.system": "kafka", "messaging.destination": "orders"},
    ),
    "Celery's": (
        "apply_async/charge",
        "apply_async/charge",
        {"messaging.system": "celery", "messaging.destination": "celery"},
    ),
    "no destination": ("publish", "publish", {"messaging.system": "rabbitmq"}),
}
CASES = [
    pytest.param(*case, id=f"{kind}: {name}")
    for kind, table in (("HTTP", HTTP), ("RPC", RPC), ("DB", DATABASE), ("message", MESSAGES))
    for name, case in table.items()
]


def client(name: str, attributes: dict[str, Any], kind: SpanKind = "CLIENT") -> Span:
    return Span("a" * 32, "b" * 16, name, 1, 2, kind=kind, attributes=attributes)


@pytest.mark.parametrize(("expected", "name", "attributes"), CASES)
def test_a_call_is_named_by_what_it_asks_for(
    expected: str, name: str, attributes: dict[str, Any]
) -> None:
    assert call_name(client(name, attributes)) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT id, stock FROM shop.items i JOIN x ON true", "SELECT shop.items"),
        ("select count(*) from items", "select postgresql"),
        ("SELECT EXTRACT(YEAR FROM made) FROM items", "SELECT postgresql"),
        ("SELECT 'from here' FROM items", "SELECT postgresql"),
        ("UPDATE items SET stock = stock - 1", "UPDATE items"),
        ("UPDATE ONLY items SET stock = 0", "UPDATE postgresql"),
        ("DELETE FROM items\nWHERE id = 1", "DELETE items"),
        ("INSERT IGNORE INTO items VALUES (1)", "INSERT postgresql"),
        ("/* shop */ SELECT 1", "shop"),
    ],
)
def test_a_table_is_taken_from_a_statement_where_it_is_certain(
    statement: str, expected: str
) -> None:
    assert call_name(client("shop", {"db.system": "postgresql", "db.statement": statement})) == (
        expected
    )


@pytest.mark.parametrize(
    "key", ["http.request.method", "url.full", "rpc.method", "db.statement", "messaging.system"]
)
@pytest.mark.parametrize("value", [7, 1.5, True, [], ["a"], {"a": 1}, "", "\0", "ö" * 9_999])
def test_whatever_an_attribute_is_there_is_a_name(key: str, value: Any) -> None:
    known = {"db.system": "x", "messaging.destination.name": "y"} if "." in key[3:] else {}
    assert isinstance(call_name(client("GET", {**known, key: value})), str)
