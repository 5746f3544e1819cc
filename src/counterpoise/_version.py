"""The version, alone in its file so that everything may read it without importing anything."""

__version__ = "0.1.0"
