"""Jaeger's JSON, in and out."""
