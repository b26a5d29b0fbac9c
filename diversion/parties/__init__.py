"""Who is who, who owns whom, and who is restricted on which day."""
