"""Screening: which of these names may stand on a sanction list, in any script, with the reasons."""
