"""The live feed to open pages."""
