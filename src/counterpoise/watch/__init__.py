"""What is happening: event feeds, dyad series, indicators with alerts. Not built yet."""
