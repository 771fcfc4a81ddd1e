"""The person's sentences cut into clauses and turned round: "I lost my job" becomes "you lost your job".

No parser: a clause is only turned round when every step is sure (known subject, known finite verb, no loose end).
Saying nothing back is better than saying something wrong, so ``turned`` gives None freely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .plain import join, mend, sentences, tokens
from .verbs import AUXILIARIES, BASES, BE, FUTURE_AUXILIARIES, IRREGULAR, PAST_AUXILIARIES, base_of, gerund_of, is_past

Subject: TypeAlias = Literal["I", "we", "mine", "other"]
Tense: TypeAlias = Literal["past", "present", "future"]

MAX_WORDS = 15
"""A longer clause said back sounds like a recording."""

_NOMINATIVE = frozenset({"I", "we", "he", "she", "they", "I'm", "I've", "I'd", "I'll", "we're", "we've", "he's", "she's", "they're"})
_FIRST = {"I": "I", "I'm": "I", "I've": "I", "I'd": "I", "I'll": "I", "we": "we", "we're": "we", "we've": "we", "we'd": "we",
          "we'll": "we"}
_MINE = frozenset({"my", "our"})
_OTHERS = frozenset("someone somebody everyone everybody nobody people they he she it".split())
_OTHER_CONTRACTED = frozenset("he's she's it's they're they've he'd she'd they'd it'll".split())
_ARTICLES = frozenset({"the", "a", "an", "some", "this", "that", "one", "another", "these", "those", "his", "her", "their"})
_CONTRACTED = frozenset({"I'm", "I've", "I'd", "I'll", "we're", "we've", "we'd", "we'll"}) | _OTHER_CONTRACTED
_ADVERBS = frozenset("""
just really also finally always never still even already recently actually almost only often usually sometimes definitely truly
absolutely totally completely honestly literally probably suddenly accidentally ever barely hardly simply both all currently
quickly slowly constantly genuinely quite very so too kinda secretly
""".split())
_CUTS = frozenset("because since when while although though until after before if but so then which where unless whereas cause as".split())
_SUBORDINATORS = frozenset("because since when while although though until after before if unless as".split())
_DANGLING = frozenset("""
a an the my our your his her its their and or but so because if when while as of at by for with about into to from than that which who
very really just also even too am is was were are be been have has had do does did will would can could should i we he she they the
such like until where how what why not never don't didn't can't won't some any every no more most get got getting it's
i'm i've i'd i'll let's this now so mt me's then all there
""".split())
_LEAD_IN = frozenset("so well ok okay yeah yes oh and but um uh hmm hey hi hello lol man dude basically honestly sadly unfortunately luckily "
                     "anyway ugh wow god plus or then omg apparently fortunately thankfully hopefully no".split())
_NOISE = frozenset({"lol", "haha", "omg", "hahaha", "lmao", "btw", "tbh", "idk", "smh", "xd", "wtf", "hehe"})
_ROUGH = re.compile(r"^(fuck|shit|bitch|cunt|damn|asshole|bastard|dick|piss|crap|hell$|goddamn|motherf|whore|slut|retard|nigg|fag)",
                    re.IGNORECASE)
_FRONTED = re.compile(
    r"^(today|yesterday|tonight|recently|lately|one (?:time|day|night)|once|last (?:night|week|month|year|summer|winter|weekend|fall|spring)"
    r"|this (?:morning|week|month|evening|afternoon|year|weekend|summer)|earlier today|the other (?:day|night|week)"
    r"|(?:a|one|two|three|four|five|six|\d+|a few|several|a couple(?: of)?) (?:days?|weeks?|months?|years?|nights?|hours?) (?:ago|back)"
    r"|in the (?:morning|evening|afternoon)|at (?:work|school|home|night)|as a (?:kid|child|teenager)|these days|right now|now)\s*,?\s+",
    re.IGNORECASE)
_KEPT_FRONTED = re.compile(r"^(today|yesterday|tonight|last|this|at|\w+ \w+ ago|a few|a couple)", re.IGNORECASE)
_TURN = {"I": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "we": "you", "us": "you", "our": "your",
         "ours": "yours", "ourselves": "yourselves", "I'm": "you're", "I've": "you've", "I'd": "you'd", "I'll": "you'll", "we're": "you're",
         "we've": "you've", "we'd": "you'd", "we'll": "you'll"}
_AGREE = {"am": "are", "was": "were", "wasn't": "weren't", "ain't": "aren't"}
_PLURAL_HEADS = frozenset({"parents", "kids", "children", "people", "friends", "family", "twins", "grandparents", "neighbors", "neighbours",
                           "coworkers", "colleagues", "teachers", "roommates"})
_PAST_TIME = frozenset({"yesterday", "ago", "last"})
_NO_GERUND = frozenset("be feel think know believe seem keep end want need like love hate remember wish hope guess mean find look wait".split())
_INTRANSITIVE = frozenset("cry fail quit panic win pass graduate relapse fall faint survive freeze shake resign retire".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause as the person said it. ``verb`` is the index of its finite verb in ``words``; ``marker`` the word that
    joined it to what came before, lower case, or ""."""

    words: tuple[str, ...]
    marker: str
    subject: Subject
    verb: int
    tense: Tense
    negated: bool
    question: bool

    @property
    def text(self) -> str:
        return join(self.words)

    @property
    def main(self) -> str:
        """The dictionary form of the verb that carries the meaning, or "be"."""
        for word in self.words[self.verb:]:
            low = word.lower()
            if low not in AUXILIARIES and low not in _CONTRACTED and base_of(low):
                return base_of(low) or ""
            if low not in AUXILIARIES and low not in _ADVERBS and low not in ("not", "i'm", "i've", "i'd", "i'll"):
                break
        return "be"


def clauses(text: str) -> tuple[Clause, ...]:
    """Every clause whose subject and verb are sure, in order."""
    found: list[Clause] = []
    for sentence in sentences(mend(text)):
        question = sentence.rstrip("\"' )").endswith("?")
        for marker, words in _pieces(sentence):
            clause = _clause(words, marker, question)
            if clause:
                found.append(clause)
    return tuple(found)


def _pieces(sentence: str) -> list[tuple[str, list[str]]]:
    """A sentence cut at marks, conjunctions and a fresh subject; each piece with its marker."""
    fronted = _FRONTED.match(_strip_lead(sentence))
    tail = ""
    if fronted:
        sentence = _strip_lead(sentence)[fronted.end():]
        tail = fronted.group(1).lower() if _KEPT_FRONTED.match(fronted.group(1)) else ""
    words = [word for word in tokens(sentence) if word.lower() not in _NOISE]
    pieces: list[tuple[str, list[str]]] = [("", [])]
    for i, word in enumerate(words):
        low, after = word.lower(), words[i + 1] if i + 1 < len(words) else ""
        current = pieces[-1][1]
        if not word[0].isalnum() and word not in ("$", "'", "%"):
            pieces.append(("", []))
        elif low in _CUTS and (low not in ("so", "as", "then") or after in _NOMINATIVE or after.lower() in _MINE) and _is_cut(low, current):
            pieces.append((low, []))
        elif low == "and" and (after in _NOMINATIVE or after.lower() in ("it", "it's", "this", "that's", "there", "now", "then") or after.lower() in _MINE and _has_verb(words[i + 2:i + 6]) or is_past(after.lower())
                               or after.lower() in AUXILIARIES) and not _joins_subjects(current, after):
            pieces.append(("and", []))
        elif word in _NOMINATIVE and _fresh_subject(current, pieces[-1][0]):
            pieces.append(("", [word]))
        else:
            current.append(word)
    pieces = [(marker, piece) for marker, piece in pieces if piece]
    if tail and pieces and not any(word.lower() in ("today", "yesterday", "ago", "last", "tonight") for word in pieces[0][1]):
        pieces[0][1].extend(tail.split())
    return pieces


def _strip_lead(sentence: str) -> str:
    words = sentence.split(" ")
    while len(words) > 1 and words[0].lower().strip(",.!") in _LEAD_IN:
        words = words[1:]
    return " ".join(words)


def _is_cut(low: str, current: list[str]) -> bool:
    """"so happy", "as if", "even though" and "when" after a verb of knowing are no cuts."""
    return not (low in ("when", "if", "where") and current and current[-1].lower() in ("know", "remember", "wonder", "about", "of", "as"))


def _has_verb(words: list[str]) -> bool:
    return any(word.lower() in AUXILIARIES or is_past(word.lower()) for word in words)


def _joins_subjects(current: list[str], after: str) -> bool:
    """"my mom and I", "me and my dog": one subject, not two clauses."""
    heads = [word.lower() for word in current]
    return bool(heads) and len(heads) <= 4 and heads[0] in ("my", "me", "our", "both") and not _has_verb(current) and (
        after == "I" or after.lower() in _MINE)


def _fresh_subject(current: list[str], marker: str) -> bool:
    """A nominative pronoun after a noun, in a clause that has its verb already, starts a clause of its own."""
    if len(current) < 3 or not (_has_verb(current) or current[0] in _NOMINATIVE):
        return False
    last = current[-1].lower()
    if marker in _SUBORDINATORS or (current[0].lower() in _SUBORDINATORS):
        return last not in _DANGLING
    if last in _DANGLING or last in _ADVERBS or base_of(last) or last in ("sure", "glad", "happy", "sad", "afraid", "sorry", "upset", "proud",
                                                                          "worried", "scared", "certain", "excited", "time", "day", "way",
                                                                          "thankful", "grateful", "hopeful", "all", "everything", "anything",
                                                                          "something", "nothing", "me", "you", "him", "them", "her",
                                                                          "disappointed", "embarrassed", "surprised", "angry", "mad",
                                                                          "jealous", "confident", "positive", "lucky", "than", "thing"):
        return False
    return True


def _clause(words: list[str], marker: str, question: bool) -> Clause | None:
    while len(words) > 2 and words[0].lower() in _LEAD_IN | _ADVERBS:
        words = words[1:]
    if len(words) < 2:
        return None
    words[0] = words[0] if words[0] in _FIRST or not words[0].islower() and words[0].lower() not in _MINE | _OTHERS | _ARTICLES | {
        "me"} | _OTHER_CONTRACTED else words[0].lower()
    if words[0] == "We" or words[0].split("'")[0] == "We":
        words[0] = words[0].lower()
    found = _subject(words)
    if found is None:
        return None
    subject, verb = found
    lows = [word.lower() for word in words]
    finite = lows[verb]
    if finite in FUTURE_AUXILIARIES or finite.endswith("'ll") or "going to" in join(lows[verb:verb + 4]):
        tense: Tense = "future"
    elif finite in PAST_AUXILIARIES or finite.endswith("'d") or (finite not in AUXILIARIES and finite not in _CONTRACTED and is_past(finite)
                                                                 and finite not in ("hurt", "cut", "hit", "let", "put", "read", "cost")):
        tense = "past"
    else:
        tense = "present"
    negated = any(low == "not" or low.endswith("n't") or low in ("never", "cannot") for low in lows[verb:verb + 3])
    return Clause(words=tuple(words), marker=marker, subject=subject, verb=verb, tense=tense, negated=negated, question=question)


def _subject(words: list[str]) -> tuple[Subject, int] | None:
    """The kind of subject and the index of its finite verb."""
    head = words[0]
    if head in _FIRST:
        if head in _CONTRACTED:
            return ("I" if _FIRST[head] == "I" else "we"), 0
        i = _skip_adverbs(words, 1)
        if i < len(words) and _finite_after_i(words[i].lower()):
            return ("I" if _FIRST[head] == "I" else "we"), i
        return None
    low = head.lower()
    if low in _OTHER_CONTRACTED:
        return "other", 0
    if low in _OTHERS:
        i = _skip_adverbs(words, 1)
        return ("other", i) if i < len(words) and _finite(words[i].lower(), plural=low in ("people", "they")) else None
    if low in _MINE or low in _ARTICLES or low == "me":
        end = _noun_verb(words)
        if end is None:
            return None
        joint = any(word == "I" for word in words[:end]) or low == "me"
        return ("we" if joint else "mine" if low in _MINE else "other"), end
    return None


def _skip_adverbs(words: list[str], i: int) -> int:
    while i < len(words) - 1 and words[i].lower() in _ADVERBS:
        i += 1
    return i


def _finite_after_i(low: str) -> bool:
    return low in AUXILIARIES - {"is", "isn't", "has", "hasn't", "does", "doesn't", "been", "be"} or low in BASES or (
        is_past(low) and low not in ("done", "seen", "gone", "been", "known", "taken", "written", "broken"))


def _finite(low: str, *, plural: bool) -> bool:
    if low in AUXILIARIES - {"am", "be", "been"} or (is_past(low) and low not in ("done", "seen", "gone", "known", "taken", "broken")):
        return True
    return low in BASES if plural else low.endswith("s") and not low.endswith("ss") and base_of(low) is not None


def _noun_verb(words: list[str]) -> int | None:
    """The verb after a noun phrase that starts the clause: "my best friend of ten years | moved"."""
    for i in range(2, min(len(words), 9)):
        low, before = words[i].lower(), words[i - 1].lower()
        if not words[i][0].isalpha() and not words[i][0].isdigit():
            return None
        if low in ("who", "that", "which", "when", "if", "because", "to"):
            return None
        plural = before in _PLURAL_HEADS or (before.endswith("s") and not before.endswith("ss")) or words[i - 1] == "I"
        if low in _ADVERBS and i + 1 < len(words) and _finite(words[i + 1].lower(), plural=plural):
            return i + 1
        if _finite(low, plural=plural) and before not in _DANGLING - {"i"} and (
                low in AUXILIARIES or i + 1 >= len(words) or words[i + 1].lower() not in AUXILIARIES):
            return i
    return None


def turned(clause: Clause) -> str | None:
    """The clause as said back to the person, lower case at the start, without a final mark; None when not safe."""
    words, lows = clause.words, [word.lower() for word in clause.words]
    if clause.question or not _safe(clause, lows):
        return None
    out: list[str] = []
    for i, word in enumerate(words):
        key = word if word in _TURN else lows[i]
        if key in _TURN:
            out.append(_TURN[key])
        elif lows[i] in _AGREE and _belongs_to_i(words, i):
            out.append(_AGREE[lows[i]])
        else:
            out.append(word)
    if lows[0] == "me" or "I" in words[:clause.verb] and clause.subject == "we" and lows[0] in _MINE:
        out = _you_first(out, clause.verb)
    text = join(out)
    return text[0].lower() + text[1:] if text.split()[0].lower() in ("you", "your", "you're", "you've", "you'd", "you'll") else text


def _belongs_to_i(words: tuple[str, ...], i: int) -> bool:
    j = i - 1
    while j >= 0 and words[j].lower() in _ADVERBS:
        j -= 1
    if j >= 1 and words[j - 1].lower() == "and":
        return words[j] == "I"
    return j >= 0 and words[j] == "I"


def _you_first(out: list[str], verb: int) -> list[str]:
    """"your mom and you went" and "you and your mom went" are both right; the second is what people say."""
    subject = [word for word in out[:verb] if word not in ("you", "and")]
    return ["you", "and", *subject, *out[verb:]]


def _safe(clause: Clause, lows: list[str]) -> bool:
    n = len(lows)
    if n > MAX_WORDS or n < 2 or (n == 2 and base_of(lows[-1]) not in _INTRANSITIVE):
        return False
    last = lows[-1]
    if last in _DANGLING or (last in AUXILIARIES) or any(_ROUGH.match(low) or low in ("you", "your", "u", "yourself") for low in lows):
        return False
    if any(len(low) > 18 or not (low[0].isalnum() or low[0] in "$") for low in lows):
        return False
    if len(set(lows)) < 0.6 * n or sum(low in AUXILIARIES for low in lows) > 4:
        return False
    if clause.tense == "present" and lows[clause.verb] in BASES and lows[clause.verb] not in IRREGULAR and _PAST_TIME & set(lows):
        return False  # "I order pizza last night": a slip that said back would look like ours
    main = lows[clause.verb:]
    hollow = {"think", "guess", "mean", "know", "say", "said", "swear", "believe", "suppose", "told", "bet", "hope", "wish", "thought", "realized"}
    if any(low in hollow for low in main[:2]) and len(main) <= 3:
        return False
    if clause.subject == "other" and not any(low in ("me", "my", "us", "our", "i") for low in lows):
        return False
    return not (lows[0] in ("it", "this", "that", "it's") and n < 4)


def gerund(clause: Clause) -> str | None:
    """"I lost my job" as "losing your job": only for a plain past or present with the person as subject."""
    whole = turned(clause)
    if whole is None or clause.subject != "I" or clause.negated or clause.words[0] != "I":
        return None
    finite = clause.words[clause.verb].lower()
    if finite in AUXILIARIES - BE - {"had", "have", "did"} or finite in ("did", "do"):
        return None
    rest = whole.split(" ")[clause.verb + 1:]
    if not rest or (finite in ("had", "have") and rest[0] in ("to", "been", "a", "not") or (finite in BE and (rest[0].endswith("ing")
                                                                                                  or rest[0] in ("so", "not")))):
        return None
    while len(rest) > 2 and (rest[-1] in ("today", "yesterday", "tonight", "ago") or rest[-2] in ("last", "this")):
        rest = rest[:-2] if rest[-2] in ("last", "this") else rest[:-3] if rest[-1] == "ago" else rest[:-1]
    base = "be" if finite in BE else base_of(finite)
    if base is None or base in _NO_GERUND or (finite in ("had", "have") and base_of(rest[0].lower()) and is_past(rest[0].lower())):
        return None
    return f"{gerund_of(base)} {' '.join(rest)}"


_STOP_NOUN = frozenset("""
and or but so because if when while as of at by for with about into to from in on off over than that which who is was are were has had have
will would can could may might do does did not i we he she they it my our your his her the a an this very really just also too up out down
after before until all again today yesterday tomorrow tonight last next away back without around during always never ever be been through
more most am now later recently there here where what how him them me us you once even still only except since finally actually already
""".split())


def things(text: str) -> tuple[str, ...]:
    """What the person calls their own, turned round: "my best friend Ana" gives "your best friend Ana"; in order."""
    found: list[str] = []
    for sentence in sentences(mend(text)):
        words = tokens(sentence)
        for i, word in enumerate(words[:-1]):
            if word.lower() not in _MINE:
                continue
            phrase = _noun_phrase(words[i + 1:i + 5])
            if phrase and f"your {phrase}" not in found:
                found.append(f"your {phrase}")
    return tuple(found)


def _noun_phrase(words: tuple[str, ...]) -> str | None:
    kept: list[str] = []
    for word in words:
        low = word.lower()
        if not word[0].isalpha() or low in _STOP_NOUN or low in _ADVERBS or low in AUXILIARIES or _ROUGH.match(low):
            break
        if kept and (low in IRREGULAR or (low.endswith(("ed", "ing")) and len(low) > 4 and low not in _NOUNS_TOO) or (low.endswith("s") and base_of(low))
                     or low in BASES and low not in _NOUNS_TOO):
            break
        if low == "own" and not kept:
            return None
        kept.append(word if not word.isupper() or len(word) < 4 else low)
    if not kept or len(kept) > 3 or kept[-1].endswith("'s") or kept[-1].lower() in ("first", "best", "new", "old", "favorite", "favourite",
                                                                                       "own", "whole", "entire", "little", "big", "last", "dear",
                                                                                       "dream", "way", "mind", "fault", "life", "self", "bad",
                                                                                       "best", "turn", "place", "god", "part", "side", "back",
                                                                                       "name", "head", "heart", "eyes", "face", "time", "goodness",
                                                                                       "ass", "opinion", "case", "point", "former", "late", "younger",
                                                                                       "older", "youngest", "oldest", "previous", "current", "good"):
        return None
    return " ".join(kept)


_NOUNS_TOO = frozenset("job work cat move play date test call dream exam fear fight visit hope trip plan post practice home pet study change love rent "
                       "interview promise surprise report project friend drive walk dance lunch dress raise party performance vote search "
                       "cover care charge cost cut drink crash end hand hug hunt joke kick kiss lead laugh look match race ride rest run sleep "
                       "smile smoke start step stress struggle swim talk taste touch train travel treat trick trust turn use wish worry "
                       "wedding feeling meeting parking building clothing dining living training painting spring evening morning being sibling offspring "
                       "guess gift support bike flight room share shower experience touch paint plant".split())
