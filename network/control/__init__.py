"""Toxiproxy's HTTP API over the proxies."""
