"""Routes, guards and the applications that servers run."""
