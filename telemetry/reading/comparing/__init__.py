"""Two traces beside each other, of any size: by what was called below what."""
