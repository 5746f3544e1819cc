"""Energy: electricity and gas month by month, what a withdrawal costs, what a new reactor changes."""
