"""A Django database backend: SQLite, whose writers within one process take turns."""
