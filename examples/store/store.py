"""Items of a shop: in PostgreSQL, and for a minute in Redis. Nothing in here knows of the lab."""

from __future__ import annotations

import json
import os
import uuid
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import psycopg
import redis
from flask import Flask, g, request
from redis.backoff import NoBackoff
from redis.retry import Retry

TABLE = """
CREATE TABLE IF NOT EXISTS items (number integer PRIMARY KEY, name text, stock integer);
INSERT INTO items VALUES (1, 'apple', 1000), (2, 'pear', 1000) ON CONFLICT DO NOTHING
"""

app = Flask(__name__)
cache = redis.Redis.from_url(
    os.environ["REDIS_URL"],
    socket_connect_timeout=0.5,
    socket_timeout=0.5,
    retry=Retry(NoBackoff(), 0),
)


class Database:
    """One connection, made when it is needed, and made anew after it broke."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = Lock()
        self._connection: psycopg.Connection[Any] | None = None

    def rows(self, query: str, *parameters: object) -> list[Any]:
        """Run one statement."""
        with self._lock:
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(self._url, autocommit=True, connect_timeout=2)
                self._connection.execute(TABLE)
        return self._connection.execute(query, parameters).fetchall()


database = Database(os.environ["DATABASE_URL"])


def log(level: str, message: str, **fields: object) -> None:
    """Print a line of JSON."""
    line = {"ts": datetime.now(UTC).isoformat(), "level": level, "msg": message}
    print(json.dumps({**line, "requestId": g.request_id, **fields}), flush=True)


@app.before_request
def begin() -> None:
    """Give the request an id, which its log lines and its answer have."""
    g.request_id = request.headers.get("x-request-id") or str(uuid.uuid4())


@app.get("/items/<int:number>")
def read(number: int) -> Any:
    """Look into Redis first; without it things go on, and take longer."""
    key, is_kept = f"item:{number}", True
    try:
        kept = cache.get(key)
        if kept is not None:
            log("INFO", "item read from the cache", number=number)
            return answer(**json.loads(kept))
    except redis.RedisError as error:
        log("WARN", "cache failed", error=str(error))
        is_kept = False
    found = database.rows("SELECT name, stock FROM items WHERE number = %s", number)
    if not found:
        return answer(error="not found"), 404
    name, stock = found[0]
    log("INFO", "item read from the database", number=number)
    if is_kept:
        cache.set(key, json.dumps({"name": name, "stock": stock}), ex=60)
    return answer(name=name, stock=stock)


@app.post("/items/<int:number>/buy")
def buy(number: int) -> Any:
    """Take one out of the stock."""
    query = "UPDATE items SET stock = stock - 1 WHERE number = %s AND stock > 0 RETURNING stock"
    found = database.rows(query, number)
    if not found:
        return answer(error="not in stock"), 409
    log("INFO", "item bought", number=number, stock=found[0][0])
    return answer(stock=found[0][0])


@app.errorhandler(psycopg.Error)
def database_failed(error: psycopg.Error) -> Any:
    """Answer that it failed: of a purchase nobody here knows whether it was made."""
    log("ERROR", "database failed", error=str(error).strip())
    return answer(error="database failed"), 503


@app.get("/healthz")
def health() -> Any:
    """Answer as long as the process lives."""
    return {"ok": True}


def answer(**fields: object) -> dict[str, object]:
    """Return the answer's fields with the request's id."""
    return {**fields, "requestId": g.request_id}
