"""Rules of the diagnosis: each looks at a case and returns what it finds, or None."""
