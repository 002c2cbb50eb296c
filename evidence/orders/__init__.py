"""What the records of an order's request prove."""
