"""The order API's HTTP side."""
