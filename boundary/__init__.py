"""What a call across a link needs on both sides: deadline, error kind, requestId, log line."""
