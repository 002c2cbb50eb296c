"""OTLP/HTTP, by its specification: protobuf and JSON to records, and back."""
