"""A Django database backend: SQLite with a lock for the writers of one process."""
