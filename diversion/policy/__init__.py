"""Law, lists, goods and thresholds, dated and with their source."""
