"""Schemathesis makes the same calls of one seed, and an answer that its schema has not is told."""

from __future__ import annotations

import json

import pytest

from tests.fuzz.by_schema import SchemaCalls
from tests.fuzz.chance import Chance
from tests.fuzz.wire import Answer

SCHEMA = {
    "openapi": "3.0.3",
    "info": {"title": "one", "version": "1"},
    "paths": {
        "/orders/{id}": {
            "post": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "properties": {"n": {"type": "integer"}}}
                        }
                    }
                },
                "responses": {
                    "200": {
                        "description": "it",
                        "content": {
                            "application/json": {"schema": {"type": "object", "required": ["n"]}}
                        },
                    }
                },
            }
        }
    },
}


def test_one_seed_makes_the_same_calls() -> None:
    made = []
    for _ in range(2):
        calls, chance = SchemaCalls(SCHEMA, {"X-Lab-Secret": "s"}), Chance(1)
        made.append([calls(chance) for _ in range(20)])
    first, second = ([(c.method, c.target, c.body) for c in each] for each in made)
    assert first == second
    assert len({body for _, _, body in first}) > 2
    assert all(("X-Lab-Secret", "s") in each.headers for each in made[0])
    assert all(target.startswith("/orders/") for _, target, _ in first)


@pytest.mark.parametrize(
    ("status", "body", "wrong"),
    [(200, {"n": 1}, []), (200, {}, ["Response violates schema"]), (418, {"n": 1}, ["Undocum"])],
)
def test_an_answer_is_held_against_the_schema(status: int, body: object, wrong: list[str]) -> None:
    calls = SchemaCalls(SCHEMA, {})
    call = calls(Chance(1))
    answer = Answer(status, {"content-type": "application/json"}, json.dumps(body).encode(), 0.1)
    found = [*calls.faults_of(call, answer)]
    assert len(found) == len(wrong)
    assert all(part in said for part, said in zip(wrong, found, strict=True))
