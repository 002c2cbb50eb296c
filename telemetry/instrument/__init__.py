"""Making telemetry in a process: the SDK, set up to be cheap and never in the way. No Django."""
