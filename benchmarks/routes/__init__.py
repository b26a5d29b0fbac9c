"""The route engine: speed, memory, growth, and the same questions put to others."""
