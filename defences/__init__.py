"""What holds when the network breaks: the services' defences, switched and kept from one place."""
