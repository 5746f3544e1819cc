"""Who moves whom: expected-utility bargaining; deterrence and signalling games."""

from counterpoise.bargain.actors import ActorTable as ActorTable
from counterpoise.bargain.actors import make_table as make_table
from counterpoise.bargain.actors import read_actors as read_actors
from counterpoise.bargain.ambiguity import SMALL_STATE as SMALL_STATE
from counterpoise.bargain.ambiguity import Range as Range
from counterpoise.bargain.ambiguity import Stakes as Stakes
from counterpoise.bargain.commitment import CommitmentResult as CommitmentResult
from counterpoise.bargain.commitment import compare_commitments as compare_commitments
from counterpoise.bargain.deterrence import DeterResult as DeterResult
from counterpoise.bargain.deterrence import deter as deter
from counterpoise.bargain.deterrence import read_game as read_game
from counterpoise.bargain.game_draws import GameDraws as GameDraws
from counterpoise.bargain.game_draws import deter_draws as deter_draws
from counterpoise.bargain.regional import bargain_over as bargain_over
from counterpoise.bargain.regional import bargain_over_draws as bargain_over_draws
from counterpoise.bargain.regional import compare_region_commitments as compare_region_commitments
from counterpoise.bargain.regional import weigh_backing as weigh_backing
from counterpoise.bargain.results import BargainDraws as BargainDraws
from counterpoise.bargain.results import BargainResult as BargainResult
from counterpoise.bargain.rounds import negotiate as negotiate
from counterpoise.bargain.rounds import simulate as simulate
from counterpoise.bargain.scholz import CORRECTED as CORRECTED
from counterpoise.bargain.scholz import PUBLISHED as PUBLISHED
from counterpoise.bargain.scholz import Options as Options
from counterpoise.bargain.statements import judge_statement as judge_statement
