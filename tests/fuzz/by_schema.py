"""Calls that schemathesis makes of a schema: right ones, and ones that are wrong in each place."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import HypothesisException
from schemathesis import GenerationMode, Response
from schemathesis.checks import response_schema_conformance, status_code_conformance
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok

from tests.fuzz.wire import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypothesis.strategies import SearchStrategy

    from tests.fuzz.chance import Chance
    from tests.fuzz.wire import Answer

Case: TypeAlias = schemathesis.Case[Any]

_AT_ONCE = 16
_CHECKS: list[Any] = [status_code_conformance, response_schema_conformance]


class SchemaCalls:
    """Calls of every operation of ``schema`` in turn; ``usual`` headers go with each."""

    def __init__(self, schema: dict[str, Any], usual: Mapping[str, str]) -> None:
        loaded = schemathesis.openapi.from_dict(schema)
        found = [each.ok() for each in loaded.get_all_operations() if isinstance(each, Ok)]
        # Making one takes as long as some calls.
        self._strategies = [
            each.as_strategy(generation_mode=mode) for each in found for mode in GenerationMode
        ]
        self._usual = dict(usual)
        self._waiting: list[Call] = []
        self._cases: dict[int, Case] = {}

    def __call__(self, chance: Chance) -> Call:
        """Return the next one."""
        while not self._waiting:
            cases = _cases(chance.choice(self._strategies), seed=chance.getrandbits(32))
            made = [(self._call(case), case) for case in cases]
            self._cases = {id(call): case for call, case in made if call is not None}
            self._waiting = [call for call, _ in made if call is not None]
        return self._waiting.pop()

    def faults_of(self, call: Call, answer: Answer) -> Iterator[str]:
        """Say what of an answer is other than the schema has it."""
        case = self._cases[id(call)]
        request = requests.Request(call.method, "http://localhost").prepare()
        headers = {name: [value] for name, value in answer.headers.items()}
        response = Response(
            answer.status, headers, answer.body, request, answer.seconds, verify=False
        )
        try:
            case.validate_response(response, checks=_CHECKS)
        except (Failure, FailureGroup) as failure:
            found = getattr(failure, "exceptions", [failure])
            yield from (f"not as its schema: {each.title}: {each.message:.300}" for each in found)

    def _call(self, case: Case) -> Call | None:
        sent = case.as_transport_kwargs(base_url="http://localhost")
        named = ("method", "url", "headers", "cookies", "params", "json", "data", "files")
        try:
            prepared = requests.Request(**{k: sent.get(k) for k in named}).prepare()
        except (ValueError, requests.RequestException):
            return None  # what no header or address can say
        own = {"host", "content-length", "transfer-encoding", "user-agent"}
        headers = {
            _text(name): _text(value)
            for name, value in prepared.headers.items()
            if _text(name).lower() not in own
        }
        body = prepared.body or b""
        return Call(
            prepared.method or "",
            prepared.path_url,
            list({**self._usual, **headers}.items()),
            body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body),
        )


def _cases(strategy: SearchStrategy[Case], *, seed: int) -> list[Case]:
    found: list[Case] = []

    @seeded(seed)
    @settings(
        max_examples=_AT_ONCE,
        phases=[Phase.generate],
        database=None,
        derandomize=False,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def keep(case: Case) -> None:
        found.append(case)

    # Of an operation without parameters nothing can be wrong.
    with suppress(HypothesisException):
        keep()
    return found


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
