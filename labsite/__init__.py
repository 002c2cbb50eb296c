"""Settings, routes and processes: may import every room, and holds no logic of theirs."""
