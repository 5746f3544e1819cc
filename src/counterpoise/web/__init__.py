"""Live use: the server and its pages. Not built yet."""
