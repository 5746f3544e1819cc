"""What matters: sensitivity, scenario discovery, break-even, robust and smallest moves. Not built yet."""
