"""Reports: one HTML file that needs nothing else, by templates, of what a run left."""
