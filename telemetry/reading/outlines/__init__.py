"""What the page draws of a trace, in rows or in packed columns."""
