"""Writing spans and logs, and keeping them within bounds."""
