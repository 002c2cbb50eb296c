"""What OpenTelemetry's semantic conventions say of a span: old names of attributes and new."""
