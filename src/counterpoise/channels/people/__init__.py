"""People: work abroad and the money it sends home, ended or widened."""
