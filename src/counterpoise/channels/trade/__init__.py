"""Trade: what an embargo or an opened market does to every economy, at once and after five years."""
