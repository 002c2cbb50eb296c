"""The worker service: reserves stock and calls the API back."""
