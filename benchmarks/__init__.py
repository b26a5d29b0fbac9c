"""Speed and size, measured; `make bench` runs them all."""
