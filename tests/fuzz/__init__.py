"""A seeded fuzz of every entrance of a running lab: ``python -m tests.fuzz``."""
