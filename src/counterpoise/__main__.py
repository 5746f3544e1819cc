"""`python -m counterpoise` is the console script."""

from counterpoise.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
