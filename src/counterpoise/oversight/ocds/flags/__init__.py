"""Red flags of procurement: Cardinal's eleven, and those of the guide by process, contract, firm, market and series."""
