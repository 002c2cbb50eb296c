"""The worker service: reserves stock and tells the API."""
