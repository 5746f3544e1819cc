"""What the client can do to the patron by withdrawing in its turn, channel by channel."""

from __future__ import annotations

from dataclasses import replace

from counterpoise._register import load
from counterpoise.channels.shape import Answer, Ask, Effect, StructuralZero

# Channels whose withdrawal is one act, whoever declares it: both sides lose the same.
MUTUAL = ("trade",)
# Channel -> the acts that are mutual, where the engine knows acts: a line that is cut, gas of the client that no longer
# flows. What the patron alone supplies (its gas, fuel, plants) the client cannot withhold.
MUTUAL_ACTS = {"energy": ("power", "purchases")}


def counter_withdrawal(ask: Ask, channel: str, engine: str, threat: Answer) -> Answer:
    """The same channel with the roles exchanged: what the patron loses when the client withdraws, and at what cost.

    In the answer `client` is the patron's loss in per cent of the patron's GDP, `sender` what it costs the client in
    per cent of its own. `threat` is the patron's withdrawal; where an act is mutual the answer is its mirror image,
    elsewhere the engine is asked about the patron as client.
    """
    if channel in MUTUAL:
        return _mirror(threat)
    if channel in MUTUAL_ACTS:
        acts = MUTUAL_ACTS[channel]
        tied = getattr(load(engine).ties(ask), "by_act", {})
        # Where nothing else ties the two, the full withdrawal is of these acts alone, and already computed.
        return _mirror(threat if set(tied) <= {*acts} else load(engine).withdraw(ask, acts=acts))
    answer: Answer = load(engine).withdraw(replace(ask, patron=ask.client, client=ask.patron))
    if isinstance(answer, StructuralZero):
        return StructuralZero(f"the other way round: {answer.reason}", answer.facts)
    return answer


def _mirror(answer: Answer) -> Answer:
    if not isinstance(answer, Effect):
        return answer
    return replace(
        answer,
        client=answer.sender,
        sender=answer.client,
        client_gdp_usd=answer.sender_gdp_usd,
        sender_gdp_usd=answer.client_gdp_usd,
        physical={},
    )
