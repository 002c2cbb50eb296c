"""Rules of any application's calls: each finds one thing, and says what of it is certain."""
