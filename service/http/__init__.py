"""How a service is served: the server, its WSGI adapter, its lanes of threads."""
