"""What is said of calls that Python's `requests` instrumentation really recorded."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from evidence.evaluation import evidence_of
from telemetry.otlp import from_protobuf

CODES = {
    "refused": {"calls.unreached_headline", "unreached.connect_refused"},
    "no name": {"calls.unreached_headline", "unreached.dns"},
    "500": {"calls.answered_headline", "calls.answered", "calls.before_unknown"},
    "404": {"calls.answered_headline", "calls.answered", "calls.before_unknown"},
    "reset": {"calls.broken_headline", "calls.failed", "calls.arrival_unknown"},
    "closed": {"calls.broken_headline", "calls.failed", "calls.arrival_unknown"},
    "half": {"calls.broken_headline", "calls.failed"},
    "silent": {"calls.no_answer_headline", "calls.gave_up", "calls.arrival_unknown"},
}


@pytest.mark.parametrize("conventions", ["", "http"], ids=["old", "new"])
def test_real_records_are_understood_by_both_conventions(conventions: str) -> None:
    environment = {
        "OTEL_SEMCONV_STABILITY_OPT_IN": conventions,
        "PYTHONPATH": str(settings.LAB_BASE_DIR),
        "NO_PROXY": "*",
    }
    program = Path(__file__).with_name("requests_that_fail.py")
    done = subprocess.run(
        [sys.executable, program], env=environment, capture_output=True, check=True, timeout=15
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["how"] for line in lines} == CODES.keys()
    for line in lines:
        spans, refused = from_protobuf.spans(base64.b64decode(line["trace"]))
        assert (len(spans), refused) == (2, [])
        found = evidence_of(spans, [], trace_id=spans[0].trace_id)
        shown = {
            found["diagnosis"]["code"],
            *(s["code"] for s in found["diagnosis"]["sentences"]),
        }
        assert CODES[line["how"]] <= shown, line["how"]
        assert found["lanes"][0] == "cart"
        assert found["lanes"][1] == "price.invalid" or found["lanes"][1].startswith("127.0.0.1:")
