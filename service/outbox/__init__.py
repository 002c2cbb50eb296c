"""A transactional outbox: a message is committed with its cause, and sent until acknowledged."""
