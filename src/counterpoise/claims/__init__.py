"""Is it true: checks that turn claims into verdicts, each with its evidence and its break-even."""

from __future__ import annotations

from counterpoise.claims._judge import ClaimsResult as ClaimsResult
from counterpoise.claims._judge import claims_jobs as claims_jobs
from counterpoise.claims._judge import gather_claims as gather_claims
from counterpoise.claims._judge import judge_claims as judge_claims
from counterpoise.claims._progress import progress as progress
from counterpoise.claims._ranges import Swing as Swing
from counterpoise.claims._sensitivity import sensitivity as sensitivity
from counterpoise.claims._sensitivity import swing_of as swing_of
from counterpoise.claims._verdict import Verdict as Verdict
from counterpoise.claims._weigh import Weighing as Weighing
from counterpoise.claims._weigh import weigh_claim as weigh_claim
