"""Links that are attached to the system while it runs: proxies that anybody made."""
