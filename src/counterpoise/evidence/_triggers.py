"""Which words of a sentence report an act, and of what PLOVER kind: the verbs of `tables/verbs.csv` in context."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from counterpoise.evidence._tables import table, words
from counterpoise.evidence._verbs import BE, WINDOW, Rule, Token, is_adverb, match_rule, rules_by_word

_HAVE = frozenset(["has", "have", "had", "having"])
_MODAL = frozenset(["will", "would", "'ll", "shall"])
_MAYBE = frozenset(["may", "might", "could", "can", "should", "must", "cannot"])
_NOT = frozenset(["not", "never", "n't", "no", "neither", "nor"])
_NOUNY = words("before a noun")
_DONE_TO = words("done to")
_PRONOUNS = frozenset(["he", "she", "they", "who", "we"])
_MORE_OFTEN_NOUNS = words("noun in s")
# Standing facts of a text of analysis rather than acts: these verbs count in the past only.
_STANDING = frozenset(["AID", "SUPPORT", "AGREE", "COOPERATE", "REQUEST", "CONSULT"])
COOPERATIVE = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})
# Verbs whose past looks like their base: `Russia cut supplies` is an act, `threatened to cut` is none yet.
_SAME_PAST = frozenset(["cut", "hit", "shut", "put", "set", "quit", "hurt", "shed"])
_SPOKEN = frozenset(["ACCUSE", "REJECT", "THREATEN", "REQUEST"])
_DONE = frozenset(["shot", "cut", "put", "held", "drawn", "blown", "struck", "brought"])
_PARTICLES = frozenset((word,) for word in ("for", "on", "to", "at", "against", "with", "back", "off", "up", "out"))
_TOGETHER = frozenset(["joint", "jointly", "with", "together", "and", "bilateral", "trilateral", "multinational"])
_CLAUSE_LINKS = frozenset(["that", "but", "not", "as", "at", "yet", "its", "was", "is"])
# Told in the present these verbs are acts, not standing facts: "as Norway's minister visits Chad".
_AT_ONCE = frozenset(["visits", "arrives", "accepts", "meets"])
_OFFICES = words("office")
_OF_WILL = frozenset(["CONCEDE", "AGREE", "REQUEST", "SUPPORT"])
_DETERMINERS = frozenset(["a", "an", "the", "its", "their", "his", "her", "this", "of", "no"])
_BEFORE_BASE = _MODAL | _MAYBE | {"to", "not"}
_WHERE = frozenset(["in", "from", "under", "on", "at", "since"])
_UNDECIDED = frozenset(["draft", "any", "a", "possible", "final", "no", "whether"])
# "Accused of calling for a coup": what somebody is charged with is no act that the text reports.
_CONTENT = frozenset(["of", "for", "without", "about", "from"])
_THEN = frozenset(["during", "for", "near", "after", "when", "while", "as", ""])
# "Leading the ministry to threaten": what somebody was brought to do was done.
_CAUSED = frozenset(["leading", "prompting", "prompted", "led", "causing", "caused", "forcing", "forced"])
_NUMBERS = frozenset(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "many", "several"])


@dataclass(frozen=True, slots=True)
class Trigger:
    """A reported act: its kind, its place, whether it is passive and how sure the reading is, in [0, 1].

    `also` marks a second act of the same subject: `denied it and blamed the neighbour`; `whole` is false for a bare
    participle: `those detained in the capital`. `trails` marks a participle after a main clause.
    """

    kind: str
    start: int
    end: int
    passive: bool
    governs: bool
    confidence: float
    future: bool = False
    also: bool = False
    whole: bool = True
    trails: bool = False


@cache
def _people() -> frozenset[str]:
    return frozenset(row["noun"].lower() for row in table("persons")) | {"those", "others"}


def find_triggers(words: list[Token], text: str, actor_ends: set[int], name_ends: set[int]) -> list[Trigger]:
    """The reported acts of a sentence, left to right.

    `name_ends` are where names end, `actor_ends` where names end that can be the subject of a verb beside them.
    """
    rules = rules_by_word()
    found: list[Trigger] = []
    index = 0
    while index < len(words):
        raw = text[words[index].start : words[index].end]
        joined = text[words[index].start - 1 : words[index].start] in {"-", "/"} or (
            raw.isupper() and len(raw) > 1 and not text[words[0].start : words[-1].end].isupper()
        )
        candidates = None if joined else rules.get(words[index].word)
        rule = match_rule(words, index, candidates) if candidates else None
        if rule and rule.kind == "NONE":
            index += len(rule.words)
            continue
        abroad = any(trigger.kind == "CONSULT" for trigger in found)
        ends = name_ends if rule and rule.form == "ing" else actor_ends
        trigger = _in_context(words, index, rule, ends, abroad) if rule else None
        if trigger:
            found.append(trigger)
        index += len(rule.words) if rule and trigger else 1
    return found


def _in_context(words: list[Token], index: int, rule: Rule, actor_ends: set[int], abroad: bool) -> Trigger | None:
    """The rule as an act in this place, or `None` where the word is a noun, a wish, a negation or a mere purpose.

    `abroad` says that a visit or a meeting has been told before in the sentence: its purpose then counts as done.
    """
    back = index - 1
    while back >= 0 and is_adverb(words[back].word):
        back -= 1
    before = words[back].word if back >= 0 else ""
    earlier = [token.word for token in words[max(0, back - 3) : back + 1]]
    after = words[index + len(rule.words)].word if index + len(rule.words) < len(words) else ""
    start, end = words[index].start, words[index + len(rule.words) - 1].end
    behind_actor = back >= 0 and words[back].end in actor_ends
    if after in {"no", "nobody"} and (rule.kind != "AGREE" or rule.words[0].startswith("announc")):
        return None
    if rule.form == "base" and rule.words[0] in _SAME_PAST and before not in _BEFORE_BASE:
        rule = replace(rule, form="past")
    negated = bool(_NOT.intersection(earlier[-3:])) or any(word.endswith("n't") for word in earlier[-2:])
    passive, bare = _voice(words, index, rule, before, earlier, after, behind_actor)
    if passive is None or _is_standing(words, back, rule, passive, before, earlier, actor_ends):
        return None
    rule = _kind_in_place(words, index, rule, passive, before, behind_actor)
    future = bool(_MODAL.intersection(earlier[-3:])) and rule.form in {"base", "phrase"}
    if negated:
        if rule.form == "base" and {"do", "does"}.intersection(earlier):
            return None
        refused = future or (rule.kind in COOPERATIVE and before in _NOT)
        return Trigger("REJECT", start, end, passive and after == "by", True, 0.5, future) if refused else None
    if future:
        if before == "to":
            # "Would have to ask".
            return None
        hostile = rule.kind if rule.kind in {"REQUEST", "PROTEST", "REJECT"} else "THREATEN"
        return Trigger("AGREE" if rule.kind in COOPERATIVE else hostile, start, end, False, True, 0.5, True)
    if _MAYBE.intersection(earlier[-2:]) and rule.form in {"base", "phrase"}:
        return None
    if before == "to" and rule.form in {"base", "phrase"}:
        done = len(earlier) > 1 and earlier[-2] in _DONE_TO
        caused = any(token.word in _CAUSED for token in words[max(0, back - 8) : back])
        met = abroad and rule.words[0] == "meet"
        resolved = len(earlier) > 1 and earlier[-2] in {"decision", "decided"} and earlier[0] not in _UNDECIDED
        decided = resolved and rule.kind not in COOPERATIVE
        done = done or caused or met or decided
        return Trigger(rule.kind, start, end, False, rule.governs, 0.6) if done else None
    plural = any(token.word == "and" for token in words[max(0, back - 3) : back])
    comma = back >= 0 and words[back + 1].start - words[back].end > 1
    spoken = comma and rule.form == "ing" and rule.kind in _SPOKEN
    if not (spoken or _is_verb(rule, before, behind_actor, after, plural)) or (
        rule.form in {"s", "base"}
        and rule.kind in _STANDING
        and rule.words[0] not in _AT_ONCE
        and not (rule.kind == "REQUEST" and after == "that")
    ):
        return None
    also = before in {"and", "but", "then"} and rule.form == "past"
    # "..., demanding that Norway leave": a participle that goes on with the subject of the main clause.
    trails = rule.words[0].endswith("ing") and before not in BE and (comma or not behind_actor)
    return Trigger(
        rule.kind, start, end, passive, rule.governs, 0.9 if rule.form in {"past", "phrase"} else 0.7, False, also,
        not bare, trails,
    )  # fmt: skip


def _voice(
    words: list[Token], index: int, rule: Rule, before: str, earlier: list[str], after: str, behind_actor: bool
) -> tuple[bool | None, bool]:
    """Whether an act is told in the passive (`None`: it is told of nobody), and whether by a bare participle."""
    passive = rule.form == "past" and (
        bool(BE.intersection(earlier[-2:])) or after == "by" or (after in {"both", "and"} and _by_both(words, index))
    )
    passive = passive or (rule.words[0] in {"come", "came"} and rule.words[1] == "under")
    if rule.words[0].startswith("receiv") and rule.kind in {"AID", "SUPPORT"}:
        # "They received arms from Norway": the giver acts.
        return ("from" in {token.word for token in words[index : index + WINDOW]}) or None, False
    done = rule.words[0].endswith(("en", "ed")) or rule.words[0] in _DONE
    passive = passive or (len(rule.words) > 1 and after == "by" and done)
    # "Two of the people detained at the rally", "the seven killed in the raid": no verb of theirs.
    undergone = rule.form == "past" and rule.kind in {"COERCE", "ASSAULT"} and after in _WHERE | _THEN
    bare = undergone and not passive and (before in _people() or before.isdigit())
    # "The declaration signed in Oslo by the two ministers".
    signed_by = rule.form == "past" and rule.kind == "SUPPORT" and not behind_actor and before not in _HAVE | _PRONOUNS
    signed_by = signed_by and any(token.word in {"by", "between"} for token in words[index + 1 : index + 8])
    # "A summit held in Oslo".
    staged = rule.words == ("held",) and rule.kind in {"CONSULT", "COOPERATE"} and after in _WHERE | {"during"}
    return passive or bare or signed_by or staged, bare


def _is_standing(
    words: list[Token], back: int, rule: Rule, passive: bool, before: str, earlier: list[str], actor_ends: set[int]
) -> bool:
    """Whether the words tell a standing fact, a thing's doing or what is yet to come, and no act."""
    if passive and before in {"is", "are"} and rule.kind in _STANDING | {"CONCEDE"}:
        # "The levels are permitted by the rules".
        return True
    if before == "that" and not passive and rule.kind in _OF_WILL and words[back - 1].end not in actor_ends:
        # "The gap that allowed it": a thing wills nothing.
        return True
    if passive and rule.words[0] == "met":
        # "The demands were not met".
        return True
    # "The exports would be halted": not yet.
    return rule.form == "past" and "be" in earlier[-2:] and bool((_MODAL | _MAYBE).intersection(earlier))


def _kind_in_place(words: list[Token], index: int, rule: Rule, passive: bool, before: str, behind_actor: bool) -> Rule:
    """The rule with the kind that its surroundings give it: drills of one party alone, a road that a state blocks."""
    nearby = {token.word for token in words[max(0, index - 6) : index + WINDOW]}
    if rule.kind == "COOPERATE" and "drills" in rule.needs and ("border" in nearby or not _TOGETHER & nearby):
        return replace(rule, kind="MOBILIZE")
    by_state = passive or (behind_actor and not _is_thing(before))
    if rule.words[0] == "blocked" and rule.kind == "PROTEST" and by_state:
        return replace(rule, kind="COERCE")
    return rule


def _by_both(words: list[Token], index: int) -> bool:
    """`ignored both by its ally and by its neighbours`, `requested and welcomed by`."""
    following = [token.word for token in words[index + 1 : index + 4]]
    return following[:2] == ["both", "by"] or (
        following[:1] + following[2:] == ["and", "by"] and following[1].endswith("ed")
    )


def _is_thing(before: str) -> bool:
    """Whether the word before is a plain noun: `materials banned in the country` is no act of the materials."""
    return before.endswith("s") and before not in _PRONOUNS | _HAVE | BE and len(before) > 3


def _is_verb(rule: Rule, before: str, behind_actor: bool, after: str, plural: bool) -> bool:
    if (
        rule.words[0] == "call"
        and rule.form == "phrase"
        and not (before in _PRONOUNS | _BEFORE_BASE | {"and"} or before.endswith("s"))
    ):
        # "A wake-up call for them".
        return False
    if rule.form == "phrase" and before in _DETERMINERS and rule.words[1:] in _PARTICLES:
        # "Its push for membership".
        return False
    if rule.form == "phrase":
        return not (rule.words[0].endswith("ing") and before in _CONTENT)
    if (
        rule.form == "past"
        and rule.kind in {"MOBILIZE", "AID"}
        and before in _people() | {"forces"}
        and after in _WHERE
    ):
        # "Troops stationed in the north".
        return False
    if rule.form == "past":
        if after in {"since", "during"} and before not in BE:
            return False
        if before.endswith("ed") and after not in {"by", "the", "a", "an"}:
            return False
        if after in _WHERE and rule.kind in {"COERCE", "SANCTION"} and not behind_actor and _is_thing(before):
            return False
        if before in _NUMBERS or before.isdigit():
            return after == "by"
        return before not in _NOUNY - {"and", "or", "that", "first"} or after == "by"
    if rule.form == "ing":
        return (
            before in BE
            or before in {"by", "after", "", "been", "while", "before", "despite", *_DONE_TO}
            or behind_actor
            or (before.endswith(("s", "t")) and before not in _CLAUSE_LINKS and after in {"the", "a", "up", "to"})
            or (
                rule.kind in _SPOKEN
                and after in {"the", "that", "a", "an", "its", "their"}
                and before not in _CONTENT | _NOUNY | {"to"}
            )
        )
    if rule.form == "s":
        return (
            (behind_actor or (rule.words[0] in _AT_ONCE and before in _OFFICES))
            and rule.words[0] not in _MORE_OFTEN_NOUNS
            and after not in {"on", "by", "against", "from", "of", "and", "in", "with", ""}
        )
    if behind_actor and rule.kind in _SPOKEN and plural:
        # "Norway and Chad accuse Mali".
        return True
    return before in _PRONOUNS or (
        before.endswith("s")
        and before not in _NOUNY
        and not behind_actor
        and after in {"the", "a", "an", "to", "for", "on", "against"}
    )
