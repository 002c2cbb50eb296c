"""What a service prints, as log records: read, put into records, sent to the observer."""
