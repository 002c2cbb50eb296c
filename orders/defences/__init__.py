"""The order API's defences, one a module; all off is the naive flow."""
