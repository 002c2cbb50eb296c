"""Starting, watching, stopping, crashing and pausing the lab's processes."""
