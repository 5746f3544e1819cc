"""Political monitoring: indicators over the events of a region and of feeds, with base rates and dated alerts."""
