"""Who let a row in: proposals read from documents, and their acceptance or rejection by a named person."""

from __future__ import annotations

from counterpoise.evidence.ledger._accept import accept_proposal as accept_proposal
from counterpoise.evidence.ledger._accept import reject_proposal as reject_proposal
from counterpoise.evidence.ledger._propose import add_proposals as add_proposals
from counterpoise.evidence.ledger._propose import propose_rows as propose_rows
from counterpoise.evidence.ledger._views import LedgerResult as LedgerResult
from counterpoise.evidence.ledger._views import list_proposals as list_proposals
