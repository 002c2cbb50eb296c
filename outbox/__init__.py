"""A transactional outbox: what is to be told is committed with its cause, and told until heard."""
