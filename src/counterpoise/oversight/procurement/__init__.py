"""Procurement beyond single flags: an index of corruption risk (after Fazekas), and networks of bidders and buyers."""
