"""Running an experiment, following it, keeping what it left."""
