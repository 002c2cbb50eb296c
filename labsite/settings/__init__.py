"""One settings module a process; `base` holds what they share."""
