"""Every defence against every fault, measured."""
