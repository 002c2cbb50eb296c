"""The HTTP/1.1 requests within a connection, for toxics that are meant for some of them."""
