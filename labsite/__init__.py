"""The roof: settings, routes, processes. It sees every room and decides nothing for them."""
