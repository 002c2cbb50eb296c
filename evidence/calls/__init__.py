"""What the records of any application's trace prove of the calls between its services."""
