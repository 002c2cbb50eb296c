"""OTLP/HTTP, as its specification says: protobuf and JSON to records, and back."""
