"""The sweeps of a search on Apache Spark, and the search among what they leave."""
