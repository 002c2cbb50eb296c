"""An observer for any OpenTelemetry application: takes in, stores, queries and streams."""
