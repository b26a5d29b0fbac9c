"""What each command is called, takes, and says of itself; the work is done behind them."""
