"""PostgreSQL, waited for within bounds."""
