"""What every room may import: the environment, loops, messages and HTTP clients, without Django."""
