"""Bytes on their way: connections, links of toxics, chains."""
