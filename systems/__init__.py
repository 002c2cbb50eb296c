"""A system as data: its services and links, which every room that names them reads."""
