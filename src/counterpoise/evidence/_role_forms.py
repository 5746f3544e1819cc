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
    r"economy |energy |finance )?minister|foreign|premier|chancellor|ambassador|envoy|leader|king|counterpart)){0,3} "
    r"(?:[a-z]{3,}-)?$",
    re.I,
)
LED = re.compile(
    rf"(?i)\b(?:{either('led by')}) (?:of|from) (?:both |the )?$|"
    r"\b(?:ministry|government|authorities|officials|leadership|parliament|prosecutors) in $|"
    r"\b(?:batch(?:es)?|shipments?|groups?|convoys?|hundreds|thousands|dozens|scores|several|members|residents|number|"
    r"majority) of $"
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
IN_A_MOVE = re.compile(r" in an? (?:[a-z]+ )?(?:move|step|decision|gesture|vote|ruling|deal)(?: \w+)?(?: \w+ed and)? $")
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
    r" ?(?:During|At|In|On|Following|Amid|Despite|Under|With|For|After|Before|Ahead of|Alongside|By|Like|Unlike|From|"
    r"Instead of|Rather than|Without|Throughout|Within|Since|According to|[A-Z][a-z]+ing|"
    r"[A-Z][a-z]+ed (?:by|with|in|from)) [^,;]{3,160}"
    rf"(?:, \d{{4}})?, (?=[A-Z]|(?:the|his|her|its|their|an?|both|two|{either('home people', 'at home too')}) )"
)
# "In neighbouring Norway on Monday, at least ten protesters ...": what stands before and after the place.
IN_THE_PLACE = re.compile(
    r" ?(?:In|Across|Throughout|(?:Meanwhile,?|Elsewhere|Back|Also) in) (?:the |neighbou?ring )?(?:[A-Z]\w+ capital )?"
)
AFTER_THE_PLACE = re.compile(
    r"(?:'s)?(?: capital)?(?: (?:on|in|at|this|last|late|early|yesterday|today)\b[^,;.]{0,30})?, "
    r"(?:(?:at least|more than|about|some|around|over|nearly|up to) (?=\d))?"
)
IN_PLACE = re.compile(r" in (?:the )?$")
WHICH = re.compile(r",? which [A-Z][\w-]+ ")
OWN_SUBJECT = re.compile(r"(?:the|its|their|his|her|both|some|many|he|she|they|it|we) ")
# A subject of its own right before the verb: "the church", "members of the Guild".
OTHER_SUBJECT = re.compile(
    r"(?:(?:[Tt]he|[Aa]n?|[Ss]ome|[Mm]any|[Ss]everal) [\w'-]+(?: [\w'-]+){0,2}|"
    r"[A-Z][\w'-]+(?: of)?(?: (?:the )?[A-Z][\w'-]+){0,3})"
    r" (?:(?:has|have|had|also|then|later|even) )*$"
)
THE_COUNCIL = re.compile(r"[Tt]he (?:[Cc]ouncil|[Cc]ommission)\b")
# "The war that killed thousands": the war is nobody.
NOBODY = re.compile(
    r"\b(?:genocide|war|conflict|attack|clash|bombing|strike|fighting|crash|earthquake|explosion|blast|violence|fire|"
    r"siege|incident|raid|shelling|massacre)(?:es|s)?,? (?:that|which) (?:has |have |had )?$"
)
# "Crashed, killing nine": nobody's blow.
DEADLY = re.compile(r"(?i)(?:kill|injur|wound|hurt|destroy)")
MISHAP = re.compile(
    r"(?i)\b(?:crash|earthquake|went down|collaps|derail|flood|landslide|accident|collid|avalanche|storm|stampede)"
)
UNSURE = re.compile(r"\b(?:potentially|possibly|hypothetically|allegedly) $")
DOCUMENT = re.compile(
    r"(?:The|This|That) (?:[a-z-]+ ){0,2}(?:resolution|statement|document|report|letter|text|bill|draft|"
    r"law|decree|communique) "
)
# "Since Norway left, Chad has met Mali": after the side clause another one acts.
SIDE_CLAUSE = re.compile(r"(?:[^,; ]+ ){2,40}[^,; ]+, (?:the |its |his |former |both )?(?=[A-Z])")
LISTED = re.compile(r"(?:'s?)?(?:,| and )")
SIDE_OPENED = re.compile(r"(?i)\b(?:when|after|since|as|while|because|although|though|before|once|until) $")
# What a state has, as against who acts for it.
THING = re.compile(rf"'?s?(?: [a-z][\w-]*){{0,3}} (?:{either('things of a state')})(?: (?:has|have|had|also|\w+ly))* $")
DEALT = re.compile(r"\b(?:talks|ties|relations|negotiations|trade|cooperation|contacts|flights)\b")
ON_WHOM = re.compile(r"\b(?:on|against) (?:the )?$")
NEVER = re.compile(r"\bnever (?:\w+ly )?$")
AFTER_TAKEN = re.compile(r"[,.;]| \w+ed by ")
# What talks are about is no party to them.
ABOUT = re.compile(r" (?:on|about|over|regarding|concerning) (?:the )?(?:[a-z-]+ ){0,2}$")
ANNOUNCED = re.compile(r"(?i)(?:announc|offer)")
HOME_LAW = re.compile(
    r" (?:the|a|this|that) (?:[\w'-]+ ){0,3}(?:law|bill|legislation|amendments?|budget|verdict|ruling)\b"
)
APOLOGY = re.compile(r"(?i)apologi[sz]")
TRAILING = re.compile(
    r"(?<!namely)(?<!including)(?:,|,? and|,? while)"
    r"(?: (?:further|also|again|thereby|thus|instead|even|in turn|\w+ly))? $"
)
QUOTED_THEY = re.compile(r"[\"'\u201c] ?(?:They|It|He|She)\b")
SIGNED = re.compile(r"(?i)(?:sign|ink)")
SAID_THAT = re.compile(r"\b(?:said|that|claimed|told) $")
AT_THE_FRONT = re.compile(rf"(?i)\b(?:{either('front')})\b")
WORRIED = re.compile(r"(?i)\w+ (?:its |deep |serious |grave )?(?:concerns?|dissatisfaction|dismay)\b")
# "... and criticised": the name before `and` is the object of the verb before.
AND_LAST = re.compile(r" (?:and|but)(?: (?:also|then|later|\w+ly))? $")
WE = re.compile(r"(?<!\w)(?:[Ww]e|I)\b")
SAYS_BEFORE = re.compile(rf"[\"'] ?(?:{either('says', 'says of itself')}) (?:the |[\w-]+ ){{0,4}}$")
SPEAKS = re.compile(rf" (?:{either('says', 'says of itself')})\b")
AND_OTHER = re.compile(r"(?:others?|more|further|even|all|the rest)\b")
THEIR_TALKS = re.compile(r" their (?:\w+ )?(?:meeting|talks|round|summit|session|consultations|negotiations)\b")
AMONG = re.compile(r"\b(?:among|including)\b")
# "Waving Norwegian flags", "visiting Chad": the object of a participle is no subject of what follows.
OBJECT_OF = re.compile(
    r"(?<![\w-])(?!(?:saying|adding|warning|claiming|arguing|stressing|noting|alleging|insisting|meaning|suggesting|"
    r"showing|declaring|announcing|believing|including|ruling|incoming|outgoing|remaining|opposing|warring|"
    r"neighbou?ring|visiting|acting|leading|serving|sitting|according|bring|spring|evening|morning|meeting)\b)"
    r"[a-z]{2,}ing (?:the |its |their |his |her |all |both |some )?(?:[A-Z][a-z]+-)?$"
)
# Those in whose name or company somebody acts: neither actor nor target.
ON_BEHALF = re.compile(
    r"\b(?:in (?:solidarity|coordination|cooperation|conjunction|line|accordance|consultation|parallel) with|"
    r"(?:in support|on behalf|at the (?:invitation|request|initiative|urging|behest)|"
    r"with the (?:help|support|mediation|assistance|participation|involvement|backing)|"
    r"under the (?:auspices|aegis|mediation|patronage)|in favou?r|"
    r"instead|because|in the presence) of|"
    r"(?:together|along) with|instead of|according to|under pressure from|with (?:help|support|backing|"
    r"assistance) from|thanks to|compared (?:to|with)|through the mediation of|"
    r"(?:without|unlike|like|than|except|under|during|amid|after|before|since|until|"
    r"following|ahead of|prior to|in the (?:wake|aftermath|course|run-up) (?:of|to))) "
    r"(?:the |an? |its |their |his |her )?"
    r"(?:[A-Za-z]+ ){0,2}$"
)
MEMBER_IN = re.compile(
    r"\b(?:participation|membership|involvement|interference|presence|trust|confidence|stake|shares?|role|place|meddling|"
    r"participating|intervention) in (?:the |a )?$"
)
AT_THE_BORDER = frozenset({"COERCE", "SANCTION", "RETREAT", "MOBILIZE"})
BORDERS = re.compile(r" (?:the|its|their|his|all|both|that)(?: [a-z-]+){0,2} (?:border|borders|frontier|airspace)\b")
# After a comma the verb of the main clause goes on.
RESUMED = re.compile(r", (?:(?:has|have|had|also|then|later|earlier|subsequently|in turn) )*$")
TWO = re.compile(
    r"(?i)\b(?:(?:the )?two (?:\w+ )?(?:countries|states|nations|sides|neighbou?rs|republics|parties|leaders|"
    r"governments)|(?:the )?two former \w+ states|both (?:countries|states|sides|nations|leaders|governments)|"
    r"(?:the|his|their) (?:warring )?(?:sides|counterparts|rivals|parties|ministers|presidents|leaders|delegations)|"
    r"(?:his|her|their|the) two (?:\w+ )?(?:counterparts|guests|colleagues)|"
    r"(?:both|the two) (?:\w+ )?(?:ministers|presidents|delegations|capitals|men|diplomats|neighbou?rs|officials)|"
    r"the (?:pair|duo|neighbou?rs|neighbou?ring countries|(?:foreign |prime |defen[cs]e )?ministers|presidents|"
    r"(?:special )?envoys|diplomats|negotiators))\b"
)
PRONOUN = re.compile(
    r"(?<!\w)(?:he|she|they|it|we|I|the (?:[\w]+-[\w-]+ )?"
    r"(?:president|prime minister|premier|minister|foreign minister|government|country|"
    r"leader|company|ministry|bloc|alliance|organi[sz]ation|republic|chancellor|ambassador|committee|agency|"
    r"commission|council|court|army|military|spokes(?:man|woman|person)|delegation|official|kingdom|union|regime|resolution|statement|document|report|letter|text|bill|draft)|"
    r"(?:his|her|its|their) \w+|police|authorities|lawmakers|prosecutors)\b", re.I,
)  # fmt: skip
THEY_OR_HE = re.compile(r"(?:he|she|they) ")
THEY = re.compile(r"(?<!\w)[Tt]hey\b")
# People of no named state: they act at home, in the state that the text is about.
AT_HOME = re.compile(
    r"(?i)(?:^|[\"'(,;] ?|\b(?:the|some|many|several|numerous|country's|two|three|\d+|"
    r"hundreds of|thousands of|dozens of|anti-government|riot|local|opposition|"
    r"ruling-party|pro-government|independent|rights|human rights|anti-corruption|state|military) |, )"
    rf"(?:{either('home people', 'at home too')})(?=[ ,.;]|$)"
)
HOME_TARGET = re.compile(
    r"(?i)\b(?:the (?:\w+ )?(?:government|opposition|authorities|ruling party|parliament|police|protesters|"
    r"demonstrators|prime minister|president)|(?:new|early|snap|fresh) elections|its own citizens|opposition \w+|"
    rf"(?:the|a|this) (?:[\w'-]+ ){{0,3}}(?:law|bill|legislation|constitution|amendments?|referendum)|"
    rf"(?:political )?prisoners|the (?:public|people|population|nation)|citizens to|{either('home targets')})\b"
)
# What such a noun takes up came from the party that spoke before.
TAKEN_UP = re.compile(
    r" (?:all |any |both )?(?:the|that|this|these|those|such|his|her|its|their|any such) (?:[a-z]+ ){0,2}?"
    rf"(?:{either('taken up')})\b"
)
TAKEN_BEFORE = re.compile(rf" (?:this|that|these|those) (?:[a-z]+ ){{0,2}}?(?:{either('taken up')}) $")
HIM = re.compile(r" (?:him|her|them|it)\b")
IT = re.compile(r" (?:him|her|them|it)\b(?! (?:on|to|for|as|was|would|is|had)\b)")
ITS = re.compile(r" (?:its|their|his|her) (?!own\b)")
HE_AND = re.compile(
    r"(?<!\w)(?:[Hh]e|[Ss]he|[Tt]hey|(?:[Hh]is|[Hh]er|[Ii]ts|[Tt]heir) [a-z ]{3,30}) and "
    r"(?:(?:the|his|her|its|their) )?$"
)
# "Hailed the deal": what both parties of the text made, so the praise is for the other one, or for both.
THE_DEAL = re.compile(
    r" (?:the|this|that|their|it as|what (?:he|she) called) (?:[\w'\"-]+ ){0,3}(?:agreements?|deals?|accords?|"
    r"treaty|pact|memorandum|truce|ceasefire|cease-fire|normali[sz]ation|rapprochement|signing|declaration)\b"
)
FIGHTS = re.compile(r"(?i)(?:fought|warred|clash|battl|exchanged fire|trad)")
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
THE_BLOC = re.compile(r" (?:the|that) (?:[\w-]+ ){0,3}?(?:bloc|alliance|organi[sz]ation|union|court|tribunal)\b")
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
# What one side gives up the other one gets; what it holds the other one has lost.
YIELDED = re.compile(
    r"(?i)(?:surrender|withdr|retreat|hand|ced|pull|vacat|relinquish|releas|free|repatriat|return|abandon|evacuat|left|"
    r"leav)"
)
HELD = re.compile(r"(?i)(?:occup|blockad|annex|besieg|encircl)")
PRAISE = re.compile(r"(?i)(?:hail|welcom|prais|applaud|commend|laud|endors|cheer|back|support)")
# Between a subject and its verb stand auxiliaries and adverbs alone.
BESIDE = re.compile(
    r"(?: (?:has|have|had|is|are|was|were|been|also|then|later|earlier|again|already|now|first|recently|\w+ly))* "
)
STANCE = re.compile(r"(?:ready|willing|prepared|committed) [\"']?to\b")
FROM = re.compile(r"\bfrom (?:the )?$")
OVER = re.compile(r" (?:over|for|for control of) ")
# Who receives or comes under fire does nothing: the doer follows after "from".
WITHIN = re.compile(r"\b(?:in|at|inside|within|near) (?:the |all |\w+ed )?$")
BETWEEN_THEM = re.compile(r"\bbetween (?:their|the two|both)\b")
COUNTED = re.compile(
    r"(?:(?:[Mm]ore than|[Oo]ver|[Aa]t least|[Ss]ome|[Aa]bout|[Aa]s many as|[Uu]p to) )?"
    r"(?:\d[\d,]*|[Dd]ozens|[Hh]undreds|[Ss]cores|[Ss]everal|[Mm]any)"
    r"(?: of)?(?: (?:other |more )?(?:people|persons|protesters|demonstrators|activists|men|others|"
    r"citizens|participants|journalists))?\b"
)
STAGED = re.compile(r" (?:in|across|throughout) (?:the )?$")
INVERSE = re.compile(r"(?i)(?:receiv|obtain|secured|com(?:e|ing) under|came under)")
ON_MARGINS = re.compile(r"(?:margins|sidelines) of (?:an? |the )?(?:[\w-]+ ){0,4}$")
VERB_NEXT = re.compile(
    r" (?:may|might|has|have|had|will|would|is|was|were|are|can|could|should|said|met|held|sent|"
    r"(?!based|backed|led)\w+ed)\b"
)
