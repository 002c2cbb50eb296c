"""Reports: one HTML file that needs nothing else, made of what a run left."""
