"""Ledgers: tables of payments in CSV or XLSX, their tests, and how many innocent records would fail each one too."""
