"""What components exist: verbs of a region, channels, checks. Names only; each is imported when it is first used.

Adding a component is one file, one row here and one test. This module imports no room, so any room may read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

# Library that the core install leaves out -> the extra that brings it.
EXTRAS = {
    "altair": "charts",
    "pypdf": "evidence",
    "selectolax": "evidence",
    "ijson": "oversight",
    "defusedxml": "oversight",
    "rapidfuzz": "oversight",
    "openpyxl": "oversight",
    "followthemoney": "oversight",
    "pyarrow": "fit",
    "zarr": "fit",
    "jax": "fit",
    "numpyro": "fit",
    "scoringrules": "fit",
    "statsforecast": "fit",
    "distributed": "cluster",
}

# Verb of an opened region -> the public function that carries it out, called with the region first.
VERBS = {
    "leverage": "counterpoise.leverage:measure_leverage",
    "claims": "counterpoise.claims:judge_claims",
    "play": "counterpoise.play:run",
    "brief": "counterpoise.brief:write_brief",
    "pledges": "counterpoise.channels.capital.measure:measure_pledges",
}

# Channel -> the module with its `withdraw` and `offer`. A channel of the vocabulary that is absent is not built.
CHANNEL_ENGINES = {
    "trade": "counterpoise.channels.trade.channel",
    "energy": "counterpoise.channels.energy.channel",
    "transit": "counterpoise.channels.transit.channel",
    "people": "counterpoise.channels.people.channel",
    "capital": "counterpoise.channels.capital.channel",
    "security": "counterpoise.channels.security.channel",
}

# Channel -> the module with its `offer`: what a patron could give instead of withhold.
OFFER_ENGINES = {
    "trade": "counterpoise.channels.trade.offers",
    "energy": "counterpoise.channels.energy.channel",
    "transit": "counterpoise.channels.transit.channel",
    "people": "counterpoise.channels.people.channel",
    "capital": "counterpoise.channels.capital.channel",
    "security": "counterpoise.channels.security.channel",
}

# Check -> the function that carries it out: (study, **parameters of the claim) -> parts.
CHECKS = {
    "about": "counterpoise.claims.checks.figures:about",
    "at_least": "counterpoise.claims.checks.figures:at_least",
    "all_at_least": "counterpoise.claims.checks.figures:all_at_least",
    "acts": "counterpoise.claims.checks.acts:acts",
    "unstated": "counterpoise.claims.checks.acts:unstated",
    "agreed_but_not_in_force": "counterpoise.claims.checks.acts:agreed_but_not_in_force",
    "money": "counterpoise.claims.checks.money:money",
    "aged": "counterpoise.claims.checks.plants:aged",
    "overdue": "counterpoise.claims.checks.plants:overdue",
    "prolonged": "counterpoise.claims.checks.plants:prolonged",
    "commitments": "counterpoise.claims.checks.promises:commitments",
    "honoured": "counterpoise.claims.checks.promises:honoured",
    "broken_confidence": "counterpoise.claims.checks.breaks:broken_confidence",
    "on_the_way": "counterpoise.claims.checks.corridors:on_the_way",
    "place_lost": "counterpoise.claims.checks.corridors:place_lost",
    "neighbours": "counterpoise.claims.checks.corridors:neighbours",
    "only_way": "counterpoise.claims.checks.corridors:only_way",
    "sea_lane": "counterpoise.claims.checks.waters:sea_lane",
    "guarded": "counterpoise.claims.checks.corridor_worth:guarded",
    "knits": "counterpoise.claims.checks.corridor_worth:knits",
    "promise_game": "counterpoise.claims.checks.games:promise_game",
    "left_open": "counterpoise.claims.checks.games:left_open",
    "torn": "counterpoise.claims.checks.games:torn",
    "supplier_turn": "counterpoise.claims.checks.breaks:supplier_turn",
    "conditional_help": "counterpoise.claims.checks.oversight:conditional_help",
    "monitorable": "counterpoise.claims.checks.oversight:monitorable",
    "audit_pays": "counterpoise.claims.checks.oversight:audit_pays",
    "shifted": "counterpoise.claims.checks.figures:shifted",
    "more_often": "counterpoise.claims.checks.rates:more_often",
    "outstanding_turn": "counterpoise.claims.checks.rates:outstanding_turn",
    "turned_after": "counterpoise.claims.checks.sequences:turned_after",
    "answered_worse_since": "counterpoise.claims.checks.sequences:answered_worse_since",
    "on_record": "counterpoise.claims.checks.sequences:on_record",
    "ties_last": "counterpoise.claims.checks.sequences:ties_last",
    "not_assured": "counterpoise.claims.checks.guarantors:not_assured",
    "worth_less": "counterpoise.claims.checks.guarantors:worth_less",
    "takes_away": "counterpoise.claims.checks.guarantors:takes_away",
    "leaks": "counterpoise.claims.checks.arsenal:leaks",
    "holds_its_own": "counterpoise.claims.checks.arsenal:holds_its_own",
    "first_among": "counterpoise.claims.checks.patrons:first_among",
    "stakes_meet": "counterpoise.claims.checks.patrons:stakes_meet",
    "nearer_weigh_more": "counterpoise.claims.checks.patrons:nearer_weigh_more",
    "ahead_in_polls": "counterpoise.claims.checks.opinion:ahead_in_polls",
    "fell_short": "counterpoise.claims.checks.opinion:fell_short",
    "frees": "counterpoise.claims.checks.reactors:frees",
    "cheaper": "counterpoise.claims.checks.reactors:cheaper",
    "stated_for": "counterpoise.claims.checks.reactors:stated_for",
    "recurs": "counterpoise.claims.checks.prospects:recurs",
    "undecided": "counterpoise.claims.checks.prospects:undecided",
    "either_shows": "counterpoise.claims.checks.prospects:either_shows",
    "supplants": "counterpoise.claims.checks.influence:supplants",
    "outlasts": "counterpoise.claims.checks.influence:outlasts",
    "due": "counterpoise.claims.checks.votes:due",
    "could_turn": "counterpoise.claims.checks.votes:could_turn",
}


def load(target: str) -> Any:
    """The object that `module:attribute` (or `module`) names."""
    module, _, attribute = target.partition(":")
    loaded = import_module(module)
    return getattr(loaded, attribute) if attribute else loaded


def on_demand(package: str, public: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package whose public names come from a module each, imported when a name is first used."""

    def find(name: str) -> Any:
        if name not in public:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return load(f"{package}.{public[name]}:{name}")

    return find
