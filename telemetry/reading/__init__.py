"""Reading spans and logs back: lists, searches, single traces."""
