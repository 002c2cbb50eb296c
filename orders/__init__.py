"""The API service: takes orders, hands jobs to the worker, receives its callbacks."""
