"""What a probe observes: the records of an order, put into messages."""
