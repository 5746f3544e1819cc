"""Transit: which routes freight can take, who can cut them, and what a closure or an opening costs."""
