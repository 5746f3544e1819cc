"""Every table of a region by name; one model per table, one field per column.

`_columns` has the cells that columns are made of, `_tables_record` the tables of what is said and promised,
`_tables_things` those of standing things, goods and acts.
"""

from __future__ import annotations

from counterpoise.region._columns import Row, Sourced
from counterpoise.region._tables_record import (
    Actor,
    Assumption,
    Claim,
    Commitment,
    CommitmentTest,
    ElectionResult,
    Event,
    Fact,
    Party,
    Poll,
    ProjectStage,
    Source,
)
from counterpoise.region._tables_things import (
    AlignmentStep,
    CapacityGroup,
    CoerciveAct,
    Fleet,
    FuelContract,
    Link,
    LinkStatus,
    Outline,
    Place,
    Plant,
    PowerLine,
    TradeFlow,
)

__all__ = [
    "TABLES",
    "Actor",
    "Assumption",
    "Claim",
    "Commitment",
    "CommitmentTest",
    "ElectionResult",
    "Event",
    "Fact",
    "Party",
    "Poll",
    "ProjectStage",
    "Source",
    "columns",
]

TABLES: dict[str, type[Row]] = {
    model.table: model
    for model in (
        Source,
        Actor,
        Fact,
        Event,
        Commitment,
        CommitmentTest,
        ProjectStage,
        Plant,
        FuelContract,
        PowerLine,
        TradeFlow,
        Place,
        Link,
        LinkStatus,
        CapacityGroup,
        Fleet,
        Party,
        Poll,
        ElectionResult,
        AlignmentStep,
        CoerciveAct,
        Claim,
        Assumption,
        Outline,
    )
}


def columns(model: type[Row]) -> list[str]:
    """The column names of a table, in the order of its file: own columns first, provenance last.

    >>> columns(LinkStatus)
    ['id', 'link', 'state', 'since', 'known', 'known_derived', 'source', 'credibility', 'note']
    """
    names = [info.alias or name for name, info in model.model_fields.items()]
    if not issubclass(model, Sourced):
        return names
    provenance = ["known", "known_derived", "source", "credibility"]
    own = [name for name in names if name not in provenance]

    tail = [name for name in ("kind", "note") if name in own]
    return [name for name in own if name not in tail] + provenance + tail
