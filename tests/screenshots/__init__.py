"""Pictures of the page in each of its states, taken by one command."""
