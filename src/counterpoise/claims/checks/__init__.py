"""The checks: each a function from a study and a claim's parameters to the parts of a verdict."""
