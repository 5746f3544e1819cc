"""What earlier sentences hand on to an act that names its parties only by `it`, `they` or `the two countries`."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterpoise.evidence._actors import Mention


@dataclass(frozen=True, slots=True)
class Context:
    """The last subject, for a pronoun, and the last couple, for `the two countries`.

    `deal` is the last couple that dealt with each other; `topic` is the state that the whole text names most; `home` is
    the state in which unnamed people act. `foes` are the last two parties between which something hostile was told, and
    `hurt` is who was last struck or detained, `accused` who was accused in the sentence before.
    """

    subject: list[Mention]
    couple: list[Mention]
    topic: str | None
    home: Mention | None = None
    bloc: Mention | None = None
    deal: list[Mention] = field(default_factory=list)
    foes: list[Mention] = field(default_factory=list)
    hurt: list[Mention] = field(default_factory=list)
    accused: list[Mention] = field(default_factory=list)
