"""The example systems, started as a newcomer would, broken and explained."""
