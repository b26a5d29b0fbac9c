"""Shipments and payments not yet made, judged against the lists and records at hand before they are."""
