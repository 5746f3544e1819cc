"""Salvoes: which of two fleets holds its own in an exchange of missiles."""
