"""Aid (IATI): activities read as a stream, promises against payments, red flags, and the rules of the standard."""
