"""How a text words who acts on whom: joints of clauses, prepositions, couples, unnamed parties, passive blows."""

from __future__ import annotations

import re

# Where one clause ends and another begins. A relative pronoun hands on the nearest name, other joints the subject.
_CONJUNCTIONS = (
    "while|when|after|because|although|though|before|since|until|unless|if|whereas|following|despite|amid|but"
)
_TELLING = "said|says|announced|reported|reports|announces|told|added"
JOINT = re.compile(
    r";|(?<=\w) ?[\u2014\u2015] ?| - | as (?=[A-Z])|, (?:and|as|so|with|saying|adding|who|which|where) "
    rf"|(?:, |\b)(?:{_CONJUNCTIONS}|{_TELLING}|that|who|which|where) "
)
PLURAL_LAST = re.compile(r"[a-z]{3,}s(?:, )?(?: who| which| where| that)? $")
RELATIVE = re.compile(r"(?:, )?(?:who|which|where) $")
PREPOSITION = re.compile(
    r"(?:^|\W)(?:of|to|in|with|from|by|against|between|for|near|at|over|into|on|among|toward|towards|via|through|despite|"
    r"under|after|before|outside|inside|within|around|across|about|since|during)(?: (?:the|a|an|its|their|his|her|"
    r"neighboring|neighbouring|northern|southern|eastern|western|central|both|former|war-torn|several|most|"
    r"all|U\.N\.|\d+)){0,3} $",
    re.I,
)
LED = re.compile(
    r"(?i)\b(?:leaders?|presidents?|ministers?|ministry|ministries|companies|firms|banks|governments?|authorities|"
    r"parliaments?|officials|delegations?|envoys?|"
    r"ambassadors?|heads|troops|forces|army|representatives) of (?:both |the )?$"
)
_LINK = (
    r"(?!(?:of|to|in|with|from|by|against|between|for|near|at|over|into|on|among|via|led|which|who|that|said|"
    r"\w+(?:ed|ing))\b)"
)
COUPLED = re.compile(
    rf"(?:'s?)?(?: {_LINK}[A-Za-z][\w-]*){{0,4}}?(?:, (?:and )?| and (?:the )?|, and the | & |-|/|"
    rf" as well as (?:the )?| and (?:[a-z]+ )?(?:of|from|with|to|in|between) )(?:{_LINK}[A-Za-z]+ ){{0,3}}"
)
TWO = re.compile(
    r"(?i)\b(?:(?:the )?two (?:\w+ )?(?:countries|states|nations|sides|neighbou?rs|republics|parties|leaders|"
    r"governments)|(?:the )?two former \w+ states|both (?:countries|states|sides|nations|leaders|governments)|"
    r"(?:the|his|their) (?:warring )?(?:sides|counterparts|rivals|parties|ministers|presidents|leaders|delegations)|"
    r"(?:his|her|their|the) two (?:\w+ )?(?:counterparts|guests|colleagues)|"
    r"(?:both|the two) (?:\w+ )?(?:ministers|presidents|delegations|capitals|men|diplomats))\b"
)
PRONOUN = re.compile(
    r"(?<!\w)(?:he|she|they|it|the (?:president|prime minister|premier|minister|foreign minister|government|country|"
    r"leader|company|ministry|bloc|alliance|organi[sz]ation|republic|chancellor|ambassador)|"
    r"(?:his|her|its|their) \w+|police|authorities|lawmakers|prosecutors)\b", re.I,
)  # fmt: skip
THEY = re.compile(r"(?<!\w)[Tt]hey\b")
# People of no named state: they act at home, in the state that the text is about.
AT_HOME = re.compile(
    r"(?i)(?:^|[\"'(,;] ?|\b(?:the|some|many|hundreds of|thousands of|dozens of|anti-government|riot|local|opposition|"
    r"ruling-party|pro-government|independent|rights|human rights|anti-corruption|state|military) |, )"
    r"(?:protesters|demonstrators|lawmakers|deputies|police|prosecutors|investigators|authorities|"
    r"opposition(?: (?:leaders?|parties|lawmakers|politicians|groups))?|government|parliament|court|activists|critics|"
    r"security (?:forces|services?)|border guards|rights groups|groups|journalists|students|workers|judges?|residents)"
    r"(?= |$)"
)
HOME_TARGET = re.compile(
    r"(?i)\b(?:the (?:\w+ )?(?:government|opposition|authorities|ruling party|parliament|police|protesters|"
    r"demonstrators|prime minister|president)|(?:new|early|snap|fresh) elections|its own citizens|opposition \w+|"
    r"(?:political )?prisoners|the (?:public|people|population|nation)|(?:citizens|voters|supporters|residents) to\b|"
    r"his (?:critics|opponents)|critics|protesters|activists)\b"
)
# What such a noun takes up came from the party that spoke before.
TAKEN_UP = re.compile(
    r" (?:all |any |both )?(?:the|that|this|these|those|such|his|her|its|their|any such) (?:[a-z]+ ){0,2}?(?:offers?|"
    r"proposals?|demands?|calls?|claims?|allegations?|plans?|requests?|charges?|criticism|accusations?|ultimatum|terms|"
    r"conditions|initiative|suggestion|idea|report|statement|decision|threat|warning|sale|attacks?|strikes?|incident|moves?|"
    r"killings?|raids?|remarks?)\b"
)
HIM = re.compile(r" (?:him|her|them|it)\b")
IT = re.compile(r" (?:him|her|them|it)\b(?! (?:on|to|for|as|was|would|is|had)\b)")
HE_AND = re.compile(r"(?<!\w)(?:[Hh]e|[Ss]he|[Tt]hey|(?:[Hh]is|[Hh]er|[Ii]ts|[Tt]heir) [a-z ]{3,30}) and (?:the )?$")
# "Hailed the deal": what both parties of the text made, so the praise is for the other one, or for both.
THE_DEAL = re.compile(
    r" (?:the|this|that|their|it as|what (?:he|she) called) (?:[\w'\"-]+ ){0,3}(?:agreements?|deals?|accords?|"
    r"treaty|pact|memorandum|truce|ceasefire|cease-fire|normali[sz]ation|rapprochement|signing|declaration)\b"
)
FIGHTS = re.compile(r"(?i)(?:fought|clash|battl|exchanged fire|trad)")
TO_PLACE = re.compile(r"(?i)(?:arriv|travel|land|tour|flew|visit|fl(?:y|ies))")
# "Two soldiers were wounded when Norwegian guns fired", "killed in Norwegian shelling": the doer of a passive blow.
BLOW_BY = re.compile(r" (?:when|after|as|in|during|by) (?:an? |the )?(?:[a-z]+ )?$")
BLOW = re.compile(
    r"(?:'s?)? (?:[a-z-]+ ){0,2}(?:attack|attacks|shelling|strike|strikes|airstrike|airstrikes|fire|gunfire|drone|"
    r"drones|missile|missiles|bombing|bombardment|raid|raids|offensive|operation|troops|forces|units|soldiers|guards|army|"
    r"snipers?|artillery|opened fire|fired|attacked|shelled|struck)\b"
)
LIFTED = re.compile(r"(?i)^.{0,60}\b(?:restrictions|sanctions|embargo|blockade|ban|tariffs|closure|blockage)\b")
SENT = re.compile(r"(?i)(?:export|suppl|ship|deliver|sold|sent|transport)")
TO = re.compile(r"\bto (?:the )?$")
# Who is arrested or tried is so, unless the place says otherwise, by the state of his own.
BY_COURT = re.compile(r"(?i)(?:arrest|detain|jail|imprison|sentenc|prosecut|indict|convict|charg|fin)")
BROKERED = re.compile(r"(?i)\b(?:broker|mediat|facilitat|host)")
NEAR_RELATIVE = 30
ADDRESSED = frozenset({"AGREE", "REJECT", "REQUEST", "ACCUSE", "THREATEN", "SANCTION"})
# Acts that need a second party: without one in reach, nothing is said.
AT_A_PLACE = frozenset({"ASSAULT", "COERCE", "AID"})
THE_BLOC = re.compile(r" (?:the|that) (?:\w+ )?(?:bloc|alliance|organi[sz]ation|union)\b")
NEVER_ALONE = frozenset({"CONSULT", "COOPERATE", "AID", "SUPPORT", "SANCTION"})
MUTUAL = frozenset({"CONSULT", "AGREE", "SUPPORT", "COOPERATE"})
BETWEEN = re.compile(r"\bbetween (?:the )?$")
WITH = re.compile(r"(?:^|(?<!ship)(?<!ties)(?<!deal)) with (?:[a-z]+ |[A-Z][a-z]+ ){0,2}$")
# Where an act takes place, or on whose margins: no target of it.
STAGE = re.compile(r"(?:\b(?:in|at|near|without) (?:the )?|(?:margins|sidelines) of (?:an? |the )?|\bof an? )$")
VERB_NEXT = re.compile(r" (?:may|might|has|have|had|will|would|is|was|were|are|can|could|should|\w+ed)\b")
