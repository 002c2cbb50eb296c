"""The services' defences against partitions, switched and stored in one place."""
