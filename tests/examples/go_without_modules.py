"""Go's program of docs/your-system.md with modules in which nothing is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_OTEL = "go.opentelemetry.io/otel"
_OTELHTTP = "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
_EXPORTER = "otel/exporters/otlp/otlptrace/otlptracehttp"

_FILES = {
    "go.mod": f"""module shop
go 1.18
require {_OTEL} v1.0.0
require {_OTELHTTP} v0.1.0
replace {_OTEL} => ./otel
replace {_OTELHTTP} => ./otelhttp
""",
    "otel/go.mod": f"module {_OTEL}\ngo 1.18\n",
    "otel/otel.go": """package otel

func SetTracerProvider(any)    {}
func SetTextMapPropagator(any) {}
""",
    "otel/propagation/propagation.go": "package propagation\n\ntype TraceContext struct{}\n",
    "otel/sdk/trace/trace.go": """package trace

func NewTracerProvider(any) any { return nil }
func WithBatcher(any) any       { return nil }
""",
    f"{_EXPORTER}/exporter.go": """package otlptracehttp

import "context"

func New(context.Context) (any, error) { return nil, nil }
""",
    "otelhttp/go.mod": f"module {_OTELHTTP}\ngo 1.18\n",
    "otelhttp/otelhttp.go": """package otelhttp

import "net/http"

func NewTransport(base http.RoundTripper) http.RoundTripper { return base }
func NewHandler(handler http.Handler, _ string) http.Handler { return handler }
""",
}


def write_modules(shop: Path) -> None:
    """Write a ``go.mod`` beside the program, and the modules that it names."""
    for name, text in _FILES.items():
        file = shop / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
