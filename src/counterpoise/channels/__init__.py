"""What withdrawal costs: one file per channel, all of one shape."""
