"""Decoding a body to what is stored of it: in the observer, or in a process of its own."""
