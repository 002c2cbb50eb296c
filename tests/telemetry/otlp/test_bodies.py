"""What a body holds becomes entries one by one, each with its own resource and scope."""

from __future__ import annotations

import orjson
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from telemetry.otlp.decoding import bodies
from telemetry.records import Resource, Scope
from telemetry.store.sources import Sources


def as_json(services: list[str]) -> bytes:
    return orjson.dumps(
        {
            "resourceSpans": [
                {
                    "resource": {
                        "attributes": [{"key": "service.name", "value": {"stringValue": service}}]
                    },
                    "scopeSpans": [
                        {
                            "scope": {"name": f"of {service}"},
                            "spans": [{"traceId": "a" * 32, "spanId": f"{number + 1:016x}"}],
                        }
                    ],
                }
                for number, service in enumerate(services)
            ]
        }
    )


def as_protobuf(services: list[str]) -> bytes:
    request = ExportTraceServiceRequest()
    for number, service in enumerate(services):
        of_resource = request.resource_spans.add()
        of_resource.resource.attributes.add(key="service.name").value.string_value = service
        of_scope = of_resource.scope_spans.add()
        of_scope.scope.name = f"of {service}"
        of_scope.spans.add(trace_id=b"\xaa" * 16, span_id=(number + 1).to_bytes(8))
    packed: bytes = request.SerializeToString()
    return packed


@pytest.mark.parametrize("is_json", [True, False])
def test_each_record_has_its_own_resource_and_scope(is_json: bool) -> None:
    services = [f"service {number}" for number in range(50)]
    body = (as_json if is_json else as_protobuf)(services)
    made = bodies.spans(is_json, body).entries.spans
    assert [row[5] for _, _, row, *_ in made] == services
    for service, (resource, scope, *_) in zip(services, made, strict=True):
        assert f'"{service}"' in resource
        assert f'"of {service}"' in scope


def test_a_resource_is_no_other_one_that_has_gone() -> None:
    sources = Sources()
    for number in range(100):
        name = f"service {number}"
        assert sources.resource(Resource({"service.name": name})).service == name
        assert name in sources.scope(Scope(name))
