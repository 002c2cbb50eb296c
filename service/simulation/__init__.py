"""Faults in a service's own code: turned on by a call, in force until their end."""
