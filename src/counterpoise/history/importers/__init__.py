"""From the publishers' files to a panel: what is there, what is missing and where to get it, and the rows."""

from counterpoise.history.importers.build import Built, build, build_panel
from counterpoise.history.importers.doctor import Doctor, examine, sources

__all__ = ["Built", "Doctor", "build", "build_panel", "examine", "sources"]
