"""What both services' HTTP sides share."""
