"""The route engine: exact answers about all time-respecting routes of goods."""
