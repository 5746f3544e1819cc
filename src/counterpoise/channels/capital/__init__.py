"""Capital: investment, aid, credit and owned assets; what was promised and what was paid."""
