"""What a process asks of its system: commands, signals, ports, streams, jobs."""
