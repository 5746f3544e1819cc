"""What withdrawal costs: a folder per channel, all of one shape.

Each folder's door is `channel.py`, whose `withdraw(ask)` answers with an `Effect`, a `StructuralZero` or an `Unknown`
(`shape.py`); `offer(ask)` stands beside it or in `offers.py`. The engines inside know no region: `channel.py` and what
it names gather a region's figures for them. `income.py` and `codes.py` are shared.
"""
