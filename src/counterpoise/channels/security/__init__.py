"""Security: the hazard of attack, promises and how far they are believed, arms, and what a withdrawal lays bare."""
