"""The route engine: speed, memory, growth, alerts. `benchmarks.beside` puts its questions to others."""

from benchmarks.routes.worlds import DWELL, HOPS, TOP, groups_of, heavy, question_of, weights_of

__all__ = ["DWELL", "HOPS", "TOP", "groups_of", "heavy", "question_of", "weights_of"]
