"""JSON as Go's ``encoding/json`` reads and writes it, which Toxiproxy's clients are used to."""
