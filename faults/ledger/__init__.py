"""The faults in force: what is done about them, what is recorded, and their ends."""
