"""A fault as it is requested, and in words: for every room that sets one."""
