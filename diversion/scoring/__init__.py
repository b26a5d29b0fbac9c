"""The score: points a factor, in log-odds, each with its published source."""
