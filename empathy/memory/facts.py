"""What can be known from the person's own sentences: who they are, who and what is in their life, what is to come.

Rules over plain text. Each fact is a short clause about the person ("your exam is on Monday") with a key; a later fact
with the same key stands, whatever the earlier one said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .clauses import Clause, clauses
from .fact_words import DAY, EVENT_VERBS, EVENTS, JOBS, NO_NAMES, NOT_EVENTS, RELATION, STATES, TIME
from .people import meant_by, mentioned
from .plain import mend, sentences, stem, stems
from .plans import dated, plans
from .turn import turned
from .verbs import AUXILIARIES, IRREGULAR

FactKind: TypeAlias = Literal["self", "person", "date", "event", "wish", "taste", "helped"]

MAX_FACTS = 60
"""Beyond this the oldest go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing the person said. ``text`` speaks to them ("your exam is on Monday"), lower case at the start; ``topic``
    names the thing alone ("your exam"); ``quote`` is the sentence it came from; ``at_s`` when it was said."""

    kind: FactKind
    key: tuple[str, ...]
    text: str
    topic: str
    quote: str
    at_s: float

    @property
    def line(self) -> str:
        """A sentence for the page."""
        return f"{self.text[:1].upper()}{self.text[1:]}."


Found: TypeAlias = tuple[FactKind, tuple[str, ...], str, str]
"""Kind, key, text, topic."""

Rule: TypeAlias = Callable[[str], Iterator[Found]]


def find_facts(words: str, at_s: float, people: tuple[str, ...] = ()) -> tuple[Fact, ...]:
    """The facts in one turn's words, in order, at most one a key.

    Args:
        words: as they were said.
        at_s: when.
        people: of theirs who were mentioned before, for "she has surgery on Tuesday".
    """
    found: dict[tuple[str, ...], Fact] = {}
    for sentence in sentences(mend(words)):
        if sentence.endswith("?"):
            continue
        people = (*people, *mentioned(sentence))
        timed: set[str] = set()
        led = (*_called(sentence, people), *_plans(sentence, people))
        for kind, key, text, topic in (*_ruled(sentence), *led, *_events(sentence)):
            if kind in ("event", "date") and timed & set(key):
                continue  # "my exam was moved to Tuesday" is told by its date
            if kind == "date":
                timed |= set(key) - {"when", "you"}
            found[key] = Fact(kind=kind, key=key, text=text, topic=topic, quote=sentence, at_s=at_s)
    return tuple(found.values())


def _ruled(sentence: str) -> Iterator[Found]:
    for rule in _RULES:
        yield from rule(sentence)


def _plans(sentence: str, people: tuple[str, ...]) -> Iterator[Found]:
    for key, text, topic in plans(sentence, people):
        yield "date", key, text, topic


def merge(old: tuple[Fact, ...], new: tuple[Fact, ...], limit: int = MAX_FACTS) -> tuple[Fact, ...]:
    """Old and new facts; where two share a key the later one stands. The oldest go first beyond ``limit``."""
    keys = {fact.key for fact in new}
    return (*(fact for fact in old if fact.key not in keys), *new)[-limit:]


_NAME = re.compile(r"\b(?:my name is|my name's|call me|I am called|I'm called)\s+([A-Za-zÀ-ÿ'-]{2,20})", re.IGNORECASE)
_HELLO = re.compile(r"^(?i:hi|hello|hey)?[,!. ]*(?:I'm|I am|this is) ([A-Z][a-zà-ÿ]{1,15})(?=[.,!]|$| and | from )")
_AGE = re.compile(r"\bI(?:'m| am) (\d{1,2})(?: years old| yrs old| y/?o)?(?=[.,!;]|$| and| years)")
_JOB = re.compile(
    rf"\b(?:I'm|I am|I work as|I'm working as) (an?) ((?:[a-z]+[ -]){{0,2}}?)({'|'.join(sorted(JOBS))})\b(?! of)"
)
_PLACE = re.compile(r"\bI (?:live|moved|just moved) (?:in|to) ((?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)?)")
_FAMILY = ("mother", "father", "mom", "mum", "dad", "parent", "widow", "widower")


def _who(sentence: str) -> Iterator[Found]:
    for expression in (_NAME, _HELLO):
        name = expression.search(sentence)
        if name and name.group(1).lower() not in NO_NAMES:
            yield "self", ("you", "name"), f"your name is {name.group(1)[0].upper()}{name.group(1)[1:]}", "your name"
    if age := _AGE.search(sentence):
        yield "self", ("you", "age"), f"you are {age.group(1)}", "your age"
    if job := _JOB.search(sentence):
        article, more, noun = job.groups()
        key = noun if noun in _FAMILY else "work"
        yield "self", ("you", key), f"you are {article} {more}{noun}", "your work"
    if place := _PLACE.search(sentence):
        yield "self", ("you", "place"), f"you live in {place.group(1)}", place.group(1)


_PEOPLE = (
    re.compile(rf"\b[Mm]y ({RELATION}),? ([A-Z][a-zà-ÿ]+)\b"),
    re.compile(rf"\b[Mm]y ({RELATION})(?:'s name is| is called| is named|, who is called) ([A-Z][a-zà-ÿ]+)"),
    re.compile(rf"\bI have an? ({RELATION}) (?:called|named) ([A-Z][a-zà-ÿ]+)"),
)


def _people(sentence: str) -> Iterator[Found]:
    for expression in _PEOPLE:
        for found in expression.finditer(sentence):
            relation, name = found.group(1).lower(), found.group(2)
            if name.lower() in NO_NAMES or re.fullmatch(DAY, name, re.IGNORECASE):
                continue
            yield "person", (relation, "name"), f"your {relation} is called {name}", f"your {relation} {name}"


_CALLED = re.compile(r"\b([Hh]is|[Hh]er) name(?: is|'s) ([A-Z][a-zà-ÿ]+)")


def _called(sentence: str, people: tuple[str, ...]) -> Iterator[Found]:
    """"His name is Peanut", of the hamster mentioned before."""
    found = _CALLED.search(sentence)
    relation = meant_by(found.group(1), people) if found else None
    if found and relation:
        name = found.group(2)
        yield "person", (relation, "name"), f"your {relation} is called {name}", f"your {relation} {name}"


_THING = r"((?:[A-Za-z'-]+ ){0,3}?[A-Za-z'-]+)"
_MOVED = "(?:moved|postponed|pushed|rescheduled|changed|delayed|put off|brought forward)(?: back| forward)?"
_DATES = tuple(re.compile(shape, re.IGNORECASE) for shape in (
    rf"\b(?:my|our|the) {_THING} (?:is|are|was|got|has been|will be|is now|was just|got just)? ?"
    rf"{_MOVED} (to|until) ({TIME})",
    rf"\b(?:my|our|the) {_THING} (is|are|starts|start|begins|will be|is scheduled for) "
    rf"(?:actually |now |only |already )?({TIME})",
    rf"\b(?:I have|I've got|we have|I got|there's|there is|I'm having) (?:my|our|an?|the|another) {_THING} "
    rf"(coming up )?({TIME})",
    rf"\b(?:my|our) {_THING} ()((?:on|next|this|tomorrow) ?{DAY}|tomorrow|next week|next month)",
    rf"\bI(?:'m| am) (?:starting|having|taking|getting|going to) (?:my|an?) {_THING} ()({TIME})",
    rf"\band (?:my|our|an?|the|another) {_THING} (coming up )?({TIME})",
))


def _dates(sentence: str) -> Iterator[Found]:
    told: set[str] = set()
    for found in (hit for shape in _DATES for hit in shape.finditer(sentence)):
        name = re.sub(r"^(?:big|really|very|huge|important|hard) ", "", found.group(1).lower().strip())
        head = name.split()[-1]
        starts = (found.group(2) or "").startswith(("start", "is sched"))
        if head in NOT_EVENTS | told or (head not in EVENTS and not starts) or _has_verb(name):
            continue
        told.add(head)
        verb = "are" if head.endswith("s") and head not in ("class", "chemo") else "is"
        yield "date", (stem(head), "when"), f"your {name} {verb} {_on(found.group(3))}", f"your {name}"


def _has_verb(name: str) -> bool:
    """"mum has surgery" is no name of an event."""
    return any(word in AUXILIARIES or word in IRREGULAR or word == "and" for word in name.split()[:-1])


def _on(time: str) -> str:
    """A time with its preposition: "Monday" becomes "on Monday"; days and months with a capital."""
    time = dated(time.lower())
    return f"on {time}" if re.match(r"(?:the )?\d", time) else time


def _wishes(sentence: str) -> Iterator[Found]:
    for clause in clauses(sentence):
        said = turned(clause)
        if said is None or clause.subject != "I" or clause.negated:
            continue
        verb, after = clause.lows[clause.verb], clause.lows[clause.verb + 1 : clause.verb + 2]
        wants = (verb == "want" and after == ["to"]) or said.startswith("you'd like to")
        if wants or verb in ("wish", "hope", "dream"):
            about = sorted(stems(clause.text) - {"wish", "hope", "want", "dream"})[:3]
            yield "wish", ("wish", *about), said, said


_TASTE = re.compile(
    r"^(?:and |but |also )?I (?:really |just |don't |do not |no longer )*(?:love|like|enjoy|hate|adore)(?: doing)? "
    r"((?:[a-z]+ing|[a-z]+)(?: (?:the |my |with |in |and )?[a-z]+){0,3}) ?(?:anymore)?[.!]?$"
)
_NO_TASTE = ("to", "it", "that", "when", "how", "you", "him", "her", "them", "this", "my", "feeling", "being", "people")


def _tastes(sentence: str) -> Iterator[Found]:
    found = _TASTE.search(sentence)
    if found and found.group(1).split()[0] not in _NO_TASTE:
        said = next((turned(clause) for clause in clauses(sentence)), None)
        if said:
            thing = found.group(1).removesuffix(" anymore")
            yield "taste", ("taste", stem(thing.split()[0])), said, thing


_HELP = re.compile(
    r"^((?:talking to|going for|listening to|taking|playing|being with|calling)? ?"
    r"(?:my |the |an? )?[A-Za-z]+(?: [a-z]+)?) "
    r"(?:always |usually |really |sometimes |does |did )*(?:helps?|helped|calms? me|calmed me)(?: me)?"
    r"(?: a (?:bit|little|lot))?(?: [a-z ]{0,20})?[.!]?$",
    re.IGNORECASE,
)
_NO_HELP = (
    "it", "that", "this", "you", "nothing", "what", "he", "she", "they", "i", "which", "if", "can", "we", "please",
)


def _helped(sentence: str) -> Iterator[Found]:
    found = _HELP.search(sentence)
    if found and found.group(1).lower().split()[0] not in _NO_HELP:
        thing = re.sub(r"\bmy\b", "your", found.group(1)[0].lower() + found.group(1)[1:])
        yield "helped", ("helped", *sorted(stems(thing))), f"{thing} helped you", thing


def _events(sentence: str) -> Iterator[Found]:
    for clause in clauses(sentence):
        said = turned(clause)
        if said is not None and clause.subject != "other" and _tells_event(clause):
            yield "event", ("event", *_event_key(clause)), said, said


def _tells_event(clause: Clause) -> bool:
    if STATES.search(clause.text.lower()):
        return True
    return clause.tense == "past" and clause.main in EVENT_VERBS and bool(stems(clause.text) - {clause.main})


def _event_key(clause: Clause) -> tuple[str, ...]:
    """The words that carry the event, in their stems and without its negation, so that "I did not lose my job after
    all" answers "I lost my job"."""
    return tuple(sorted({IRREGULAR.get(low, stem(low)) for low in clause.lows if stems(low)} - {"all", "end"})[:3])


_RULES: tuple[Rule, ...] = (_who, _people, _dates, _wishes, _tastes, _helped)
