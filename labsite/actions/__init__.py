"""Actions of a system: requests that the lab's own client sends, through the links."""
