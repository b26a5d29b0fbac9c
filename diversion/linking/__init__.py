"""What only all records together tell: which of them speak of one shipment."""
