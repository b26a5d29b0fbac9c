"""From files to tables and rejects."""
