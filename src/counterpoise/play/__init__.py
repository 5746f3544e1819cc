"""What happens next: state, moves, beliefs, elections, the law of motion, ensembles."""
