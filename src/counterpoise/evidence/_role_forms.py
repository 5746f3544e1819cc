"""How a text words who acts on whom: joints of clauses, prepositions, couples, unnamed parties, passive blows."""

from __future__ import annotations

import re

from counterpoise.evidence._tables import either

# Where one clause ends and another begins. A relative pronoun hands on the nearest name, other joints the subject.
_CONJUNCTIONS = (
    "while|when|after|because|although|though|before|since|until|unless|if|whereas|following|despite|amid|but"
)
_TELLING = f"{either('says')}|announces|added"
JOINT = re.compile(
    r";|(?<=\w) ?[\u2014\u2015] ?| - | as (?=[A-Z])|, (?:and|as|so|with|saying|adding|who|which|where|whose|leading|"
    rf"prompting|forcing) |(?:, |\b)(?:{_CONJUNCTIONS}|{_TELLING}|that|who|which|where) "
)
PLURAL_LAST = re.compile(r"[a-z]{3,}s(?:, )?(?: who| which| where| that)? $")
RELATIVE = re.compile(r"(?:, )?(?:who|which|where|whose) $")
PREPOSITION = re.compile(
    r"(?:^|\W)(?:of|to|in|with|from|by|against|between|for|near|at|over|into|on|among|toward|towards|via|through|despite|"
    r"under|after|before|outside|inside|within|around|across|about|since|during)(?: (?:the|a|an|its|their|his|her|"
    r"neighboring|neighbouring|northern|southern|eastern|western|central|both|former|war-torn|several|most|"
    r"all|U\.N\.|\d+|prime|deputy|vice|first|acting|visiting|president|(?:prime |foreign |interior |defen[cs]e |"
    r"economy |energy |finance )?minister|foreign|premier|chancellor|ambassador|envoy|leader|king|counterpart)){0,3} $",
    re.I,
)
LED = re.compile(
    rf"(?i)\b(?:{either('led by')}) of (?:both |the )?$|"
    r"\b(?:ministry|government|authorities|officials|leadership|parliament|prosecutors) in $"
)
_LINK = (
    r"(?!(?:of|to|in|with|from|by|against|between|for|near|at|over|into|on|among|via|led|which|who|that|said|"
    r"\w+(?:ed|ing))\b)"
)
# "... and the minister of energy of Chad": a title between two names of a list.
_TITLE_OF = (
    rf"(?:(?:the )?(?:[A-Za-z-]+ ){{0,3}}?(?:{either('office', capital=True)}|[Ll]eader|[Hh]ead)s?"
    r"(?: (?:of|for) [A-Z][a-z]+(?: [A-Z][a-z]+)?)? of (?:the )?)"
)
COUPLED = re.compile(
    rf"(?:'s?)?(?: {_LINK}[A-Za-z][\w-]*){{0,4}}?(?:, (?:and )?| and (?:the )?|, and the | & |-|/|"
    rf" as well as (?:the )?| and (?:[a-z]+ )?(?:of|from|with|to|in|between) )"
    rf"(?:{_TITLE_OF}|(?:{_LINK}[A-Za-z]+ ){{0,3}}(?:including )?)"
)
COMMA_OR_SEMICOLON = re.compile(r"[;,]")
ASIDE = re.compile(r"(?:'s?)?, (?:whose|which|who)\b[^,;.]{3,90}, and (?:the )?")
ASIDE_OPEN = re.compile(r", (?:whose|which|who)\b[^,;.]{3,90}$")
EACH_OTHER = re.compile(r"\b(?:each other|one another)\b")
# "In a decision welcomed by ...": what the participle is said of is the act of the main clause.
IN_A_MOVE = re.compile(r" in an? (?:[a-z]+ )?(?:move|step|decision|gesture|vote|ruling|deal)(?: \w+)? $")
THE_MEN = re.compile(
    r"(?:the|these|those|all|both) (?:\w+ )?(?:men|women|people|soldiers|servicemen|fishermen|suspects|detainees|"
    r"prisoners|activists|protesters|civilians|crew|villagers|workers|drivers|victims|residents|ships?|vessels?|boats?)\b"
)
# "Fired at one of its ships": those of the party that tells it.
ITS_OWN = re.compile(
    r"[^.;]{0,40}\b(?:at|on|of|against|into) (?:one of |some of |two of )?(?:its|their|his) (?:\w+ ){0,2}(?:ships?|"
    r"boats?|vessels?|soldiers|troops|forces|citizens|nationals|territory|positions|airspace|aircraft|drones?|villages|border)\b"
)
# "During a meeting hosted by Norway, the leaders of Chad signed": the subject comes after such an opening.
OPENING = re.compile(
    r"(?:During|At|In|On|Following|Amid|Despite|Under|With|Speaking|For|After|Before|Ahead of|Alongside) [^,;]{3,160}"
    r"(?:, \d{4})?, (?=[A-Z]|(?:the|his|her|its|their|an?|both|two) )"
)
IN_PLACE = re.compile(r" in (?:the )?$")
WHICH = re.compile(r",? which [A-Z][\w-]+ ")
THE_COUNCIL = re.compile(r"[Tt]he (?:[Cc]ouncil|[Cc]ommission)\b")
# "The war that killed thousands": the war is nobody.
NOBODY = re.compile(
    r"\b(?:genocide|war|conflict|attack|clash|bombing|strike|fighting|crash|earthquake|explosion|blast|violence|fire|"
    r"siege|incident|raid|shelling|massacre)(?:es|s)?,? (?:that|which) (?:has |have |had )?$"
)
APOLOGY = re.compile(r"(?i)apologi[sz]")
TRAILING = re.compile(r"(?<!namely)(?<!including)(?:,|,? and|,? while(?: also)?) $")
QUOTED_THEY = re.compile(r"[\"'\u201c] ?(?:They|It|He|She)\b")
SIGNED = re.compile(r"(?i)(?:sign|ink)")
SAID_THAT = re.compile(r"\b(?:said|that|claimed|told) $")
AT_THE_FRONT = re.compile(rf"(?i)\b(?:{either('front')})\b")
WORRIED = re.compile(r"(?i)\w+ (?:its |deep |serious |grave )?(?:concerns?|dissatisfaction|dismay)\b")
# "... and criticised": the name before `and` is the object of the verb before.
AND_LAST = re.compile(r" (?:and|but)(?: (?:also|then|later|\w+ly))? $")
SPEAKS = re.compile(rf" (?:{either('says', 'says of itself')})\b")
AND_OTHER = re.compile(r"(?:others?|more|further|even|all|the rest)\b")
THEIR_TALKS = re.compile(r" their (?:\w+ )?(?:meeting|talks|round|summit|session|consultations|negotiations)\b")
AMONG = re.compile(r"\b(?:among|including)\b")
# After a comma the verb of the main clause goes on.
RESUMED = re.compile(r", (?:(?:has|have|had|also|then|later|earlier|subsequently|in turn) )*$")
TWO = re.compile(
    r"(?i)\b(?:(?:the )?two (?:\w+ )?(?:countries|states|nations|sides|neighbou?rs|republics|parties|leaders|"
    r"governments)|(?:the )?two former \w+ states|both (?:countries|states|sides|nations|leaders|governments)|"
    r"(?:the|his|their) (?:warring )?(?:sides|counterparts|rivals|parties|ministers|presidents|leaders|delegations)|"
    r"(?:his|her|their|the) two (?:\w+ )?(?:counterparts|guests|colleagues)|"
    r"(?:both|the two) (?:\w+ )?(?:ministers|presidents|delegations|capitals|men|diplomats|neighbou?rs|officials)|"
    r"the (?:pair|duo|neighbou?rs|neighbou?ring countries|(?:foreign |prime |defen[cs]e )?ministers|presidents))\b"
)
PRONOUN = re.compile(
    r"(?<!\w)(?:he|she|they|it|the (?:[\w]+-[\w-]+ )?"
    r"(?:president|prime minister|premier|minister|foreign minister|government|country|"
    r"leader|company|ministry|bloc|alliance|organi[sz]ation|republic|chancellor|ambassador|committee|agency|"
    r"commission|council|court|army|military|spokes(?:man|woman|person)|delegation|official|kingdom|union|regime|resolution|statement|document|report|letter|text|bill|draft)|"
    r"(?:his|her|its|their) \w+|police|authorities|lawmakers|prosecutors)\b", re.I,
)  # fmt: skip
THEY = re.compile(r"(?<!\w)[Tt]hey\b")
# People of no named state: they act at home, in the state that the text is about.
AT_HOME = re.compile(
    r"(?i)(?:^|[\"'(,;] ?|\b(?:the|some|many|hundreds of|thousands of|dozens of|anti-government|riot|local|opposition|"
    r"ruling-party|pro-government|independent|rights|human rights|anti-corruption|state|military) |, )"
    rf"(?:{either('home people', 'at home too')})(?= |$)"
)
HOME_TARGET = re.compile(
    r"(?i)\b(?:the (?:\w+ )?(?:government|opposition|authorities|ruling party|parliament|police|protesters|"
    r"demonstrators|prime minister|president)|(?:new|early|snap|fresh) elections|its own citizens|opposition \w+|"
    rf"(?:political )?prisoners|the (?:public|people|population|nation)|citizens to|{either('home targets')})\b"
)
# What such a noun takes up came from the party that spoke before.
TAKEN_UP = re.compile(
    r" (?:all |any |both )?(?:the|that|this|these|those|such|his|her|its|their|any such) (?:[a-z]+ ){0,2}?"
    rf"(?:{either('taken up')})\b"
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
BLOW = re.compile(rf"(?:'s?)? (?:[a-z-]+ ){{0,2}}(?:{either('blow')}|forces' \w+)\b")
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
AGAINST = re.compile(r"\bagainst (?:the )?(?:[a-z]+ ){0,2}$")
# Part of a state: where it is the actor and nobody else is named, the act stays at home.
INNER = re.compile(rf"(?:'s?)? (?:[a-z-]+ ){{0,2}}(?:{either('home people', 'inner parts')})\b")
# "Chad's state news agency": it tells, and counts for nobody.
NEWS = re.compile(
    r"(?:'s?)? (?:[\w-]+ ){0,2}(?:news agency|news agencies|state media|media|newspapers?|daily|television|TV|"
    r"broadcaster|news (?:site|website|portal|outlet)|journalists?|analysts?)\b"
)
WITH = re.compile(
    r"(?:^|(?<!ship)(?<!ties)(?<!deal)) with (?:(?:[a-z]+ |[A-Z][a-z]+ ){0,2}|(?:the )?(?:[a-z]+ )?"
    r"(?:presidents?|leaders?|ministers?|heads?|officials|representatives) of (?:the )?)$"
)
# Where an act takes place, or on whose margins: no target of it.
STAGE = re.compile(r"(?:\b(?:in|at|near|without) (?:the )?|(?:margins|sidelines) of (?:an? |the )?|\bof an? )$")
OVER = re.compile(r"\bover (?:the )?$")
ON_MARGINS = re.compile(r"(?:margins|sidelines) of (?:an? |the )?(?:[\w-]+ ){0,4}$")
VERB_NEXT = re.compile(
    r" (?:may|might|has|have|had|will|would|is|was|were|are|can|could|should|said|met|held|sent|\w+ed)\b"
)
