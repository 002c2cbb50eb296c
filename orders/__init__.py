"""The API service: takes orders, hands jobs to the worker, hears back from it."""
