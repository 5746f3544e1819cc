"""Who says so: reads documents into actors, figures, dates, events and claims, and matches them. Not built yet."""
