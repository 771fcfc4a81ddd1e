"""What can be known from the person's own sentences: who they are, who and what is in their life, what is to come.

Rules over plain text. Each fact is a short clause about the person ("your exam is on Monday") with a key; a later fact
with the same key stands, whatever the earlier one said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .clauses import Clause, clauses, turned
from .plain import mend, sentences, stem, stems
from .verbs import IRREGULAR

FactKind: TypeAlias = Literal["self", "person", "date", "event", "wish", "taste", "helped"]


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


_RELATION = (r"(?:(?:best|old|older|younger|little|big|twin|elder|ex|step|grand|closest|good|new|former|oldest|youngest)[ -]?)*"
             r"(?:sister|brother|mother|father|mom|mum|dad|son|daughter|wife|husband|partner|boyfriend|girlfriend|fianc[eé]e?|friend|boss|manager|"
             r"teacher|cousin|aunt|uncle|grandma|grandpa|grandmother|grandfather|niece|nephew|roommate|flatmate|neighbou?r|coworker|co-worker|"
             r"colleague|therapist|doctor|ex|dog|cat|puppy|kitten|horse|baby|rabbit|parrot)")
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_TIME = (rf"(?:(?:on|by|this|next|until|this coming) )?{_DAY}(?: (?:morning|afternoon|evening|night))?|tomorrow(?: (?:morning|afternoon|evening|night))?"
         rf"|tonight|today|this (?:week|weekend|month|evening|afternoon|summer|winter|spring|fall|autumn|year)|next (?:week|weekend|month|year|spring|summer|fall|winter)"
         rf"|in (?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d+|a few|a couple of) (?:hours?|days?|weeks?|months?)"
         rf"|(?:on )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)(?: of {_MONTH})?|(?:on |in )?{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?|at \d{{1,2}}(?::\d\d)? ?(?:am|pm)?")
_NOT_EVENTS = frozenset("""time day night week thing way lot work one it that this he she something nothing plan things mom dad sister brother friend
boss life house car dog cat people weather feeling fear god bit problem reason""".split())
_EVENTS = frozenset("""exam test interview appointment surgery operation meeting presentation wedding funeral birthday trip flight party date match game
race concert audition hearing trial deadline exam's finals midterm driving-test scan biopsy checkup results graduation recital performance
review move visit holiday vacation due-date shift class course competition tournament marathon show speech defense defence thesis baby-shower
baby anniversary call session chemo treatment reunion dinner job school""".split())
_JOBS = frozenset("""nurse teacher doctor student waiter waitress cook chef driver engineer programmer developer designer writer artist musician actor
lawyer accountant carer caregiver paramedic firefighter soldier farmer mechanic electrician plumber carpenter barista cashier manager
therapist psychologist social-worker cleaner secretary receptionist pharmacist dentist vet scientist researcher professor librarian
journalist photographer baker hairdresser builder painter pilot translator salesman saleswoman consultant freelancer veteran widow widower
mother father mom mum dad grandmother grandfather parent retiree musician singer dancer tutor intern trainee apprentice""".split())
_EVENT_VERBS = frozenset("""die lose break leave fail pass win quit fire marry divorce move propose cheat steal crash hurt graduate retire promote diagnose
betray fight argue miss find adopt buy sell hire evict miscarry relapse separate start finish get forget ignore yell bully
dump reject accept invite cancel""".split())
_STATES = re.compile(r"\b(sick|ill|pregnant|in (?:the )?hospital|dying|cancer|alone|unemployed|homeless|engaged|deployed|moving|pass(?:ed|ing) away|"
                     r"in jail|in prison|missing|getting (?:married|divorced)|broke up|laid off|fired|promoted|expecting|diagnosed)\b")
_NAME_STOP = frozenset("""not so very just a an the sad happy fine ok okay sorry here good bad tired sure really glad back home new done going
feeling worried afraid scared angry lonely depressed anxious from in at on and but""".split())

Rule: TypeAlias = Callable[[str, float], Iterator[Fact]]


def find_facts(words: str, at_s: float) -> tuple[Fact, ...]:
    """The facts in one turn's words, in order, at most one a key."""
    found: dict[tuple[str, ...], Fact] = {}
    for sentence in sentences(mend(words)):
        if sentence.endswith("?"):
            continue
        for rule in _RULES:
            for fact in rule(sentence, at_s):
                found[fact.key] = fact
    return tuple(found.values())


def merge(old: tuple[Fact, ...], new: tuple[Fact, ...], limit: int = 60) -> tuple[Fact, ...]:
    """Old and new facts; where two share a key the later one stands. The oldest go first beyond ``limit``."""
    keys = {fact.key for fact in new}
    return (*(fact for fact in old if fact.key not in keys), *new)[-limit:]


def _who(sentence: str, at_s: float) -> Iterator[Fact]:
    name = re.search(r"\b(?:my name is|my name's|call me|I am called|I'm called|they call me)\s+([A-Za-zÀ-ÿ'-]{2,20})", sentence, re.IGNORECASE)
    if name and name.group(1).lower() not in _NAME_STOP:
        yield _fact("self", ("you", "name"), f"your name is {_title(name.group(1))}", "your name", sentence, at_s)
    greeting = re.match(r"^(?i:hi|hello|hey)?[,!. ]*(?:I'm|I am|this is) ([A-Z][a-zà-ÿ]{1,15})(?=[.,!]|$| and | from )", sentence)
    if greeting and greeting.group(1).lower() not in _NAME_STOP:
        yield _fact("self", ("you", "name"), f"your name is {greeting.group(1)}", "your name", sentence, at_s)
    age = re.search(r"\bI(?:'m| am) (\d{1,2})(?: years old| yrs old| y/?o)?(?=[.,!;]|$| and| years)", sentence)
    if age:
        yield _fact("self", ("you", "age"), f"you are {age.group(1)}", "your age", sentence, at_s)
    job = re.search(r"\b(?:I'm|I am|I work as|I'm working as) (an?) ((?:[a-z]+[ -]){0,2}?)([a-z-]+)\b(?! of)", sentence)
    if job and job.group(3) in _JOBS:
        yield _fact("self", ("you", "work" if job.group(3) not in ("mother", "father", "mom", "mum", "dad", "parent", "widow", "widower") else job.group(3)),
                    f"you are {job.group(1)} {job.group(2)}{job.group(3)}", "your work", sentence, at_s)
    place = re.search(r"\bI (?:live|moved|just moved) (in|to) ((?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)?)", sentence)
    if place:
        yield _fact("self", ("you", "place"), f"you live in {place.group(2)}", place.group(2), sentence, at_s)


def _people(sentence: str, at_s: float) -> Iterator[Fact]:
    for pattern in (rf"\b[Mm]y ({_RELATION}),? ([A-Z][a-zà-ÿ]+)\b", rf"\b[Mm]y ({_RELATION})(?:'s name is| is called| is named|, who is called) ([A-Z][a-zà-ÿ]+)",
                    rf"\bI have an? ({_RELATION}) (?:called|named) ([A-Z][a-zà-ÿ]+)"):
        for found in re.finditer(pattern, sentence):
            relation, name = found.group(1).lower(), found.group(2)
            if name.lower() not in _NAME_STOP and name not in ("I", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
                yield _fact("person", (relation, "name"), f"your {relation} is called {name}", f"your {relation} {name}", sentence, at_s)


def _dates(sentence: str, at_s: float) -> Iterator[Fact]:
    thing = r"((?:[A-Za-z'-]+ ){0,3}?[A-Za-z'-]+)"
    shapes = (
        rf"\b(?:my|our|the) {thing} (?:is|are|was|got|has been|will be|is now|is set|was just|got just)? ?(?:moved|postponed|pushed|rescheduled|changed|delayed|put off|brought forward)"
        rf"(?: back| forward)? (to|until) ({_TIME})",
        rf"\b(?:my|our|the) {thing} (is|are|starts|start|begins|will be|is scheduled for|comes) (?:actually |now |only |already )?({_TIME})",
        rf"\b(?:I have|I've got|I've|we have|I got|there's|there is|I am having|I'm having) (?:my|our|an?|the|this|another) {thing} (coming up )?({_TIME})",
        rf"\b(?:my|our) {thing} ()((?:on|next|this|tomorrow) ?{_DAY}|tomorrow|next week|next month)",
        rf"\bI(?:'m| am) (?:starting|having|taking|getting|going to) (?:my|an?) {thing} ()({_TIME})",
    )
    for shape in shapes:
        found = re.search(shape, sentence, re.IGNORECASE)
        if not found:
            continue
        name = re.sub(r"^(?:big|really|very|huge|important|hard) ", "", found.group(1).lower().strip())
        head = name.split()[-1]
        if head in _NOT_EVENTS or (head not in _EVENTS and not found.group(2).startswith(("start", "is sched"))):
            continue
        verb = "are" if head.endswith("s") and head not in ("class", "chemo") else "is"
        yield _fact("date", (stem(head), "when"), f"your {name} {verb} {_on(found.group(3))}", f"your {name}", sentence, at_s)
        return


def _on(time: str) -> str:
    """"Monday" as "on Monday"; other times as they are, days and months with a capital."""
    time = re.sub(rf"\b(?:{_DAY}|{_MONTH})\b", lambda found: found.group().capitalize(), time.lower())
    if re.match(_DAY, time, re.IGNORECASE) or re.match(r"(?:the )?\d", time):
        return f"on {time}"
    return time


def _wishes(sentence: str, at_s: float) -> Iterator[Fact]:
    for clause in clauses(sentence):
        if clause.subject != "I" or clause.negated or clause.words[0] != "I":
            continue
        said = turned(clause)
        verb = clause.words[clause.verb].lower()
        after = clause.words[clause.verb + 1].lower() if clause.verb + 1 < len(clause.words) else ""
        if said and (verb in ("wish", "hope", "dream") or (verb == "want" and after == "to") or clause.text.startswith("I'd like to")):
            yield _fact("wish", ("wish", *sorted(stems(clause.text) - {"wish", "hope", "want", "dream"})[:3]), said, said, sentence, at_s)


def _tastes(sentence: str, at_s: float) -> Iterator[Fact]:
    found = re.search(r"^(?:and |but |also )?I (?:really |just |don't |do not |no longer )*(love|like|enjoy|hate|adore)(?: doing)? "
                      r"((?:[a-z]+ing|[a-z]+)(?: (?:the |my |with |in |and )?[a-z]+){0,3}) ?(anymore)?[.!]?$", sentence)
    if found and found.group(2).split()[0] not in ("to", "it", "that", "when", "how", "you", "him", "her", "them", "this", "my", "feeling", "being", "people"):
        said = next((turned(clause) for clause in clauses(sentence)), None)
        if said:
            thing = found.group(2).removesuffix(" anymore")
            yield _fact("taste", ("taste", stem(thing.split()[0])), said, thing, sentence, at_s)


def _helped(sentence: str, at_s: float) -> Iterator[Fact]:
    found = re.search(r"^((?:talking to|going for|listening to|taking|playing|being with|calling)? ?(?:my |the |an? )?[A-Za-z]+(?: [a-z]+)?) "
                      r"(?:always |usually |really |sometimes |does |did )*(?:helps?|helped|calms? me|calmed me)(?: me)?(?: a (?:bit|little|lot))?(?: [a-z ]{0,20})?[.!]?$",
                      sentence, re.IGNORECASE)
    if found and found.group(1).lower().split()[0] not in ("it", "that", "this", "you", "nothing", "what", "he", "she", "they", "i", "which", "if", "can"):
        thing = re.sub(r"\bmy\b", "your", found.group(1)[0].lower() + found.group(1)[1:])
        yield _fact("helped", ("helped", *sorted(stems(thing))), f"{thing} helped you", thing, sentence, at_s)


def _events(sentence: str, at_s: float) -> Iterator[Fact]:
    for clause in clauses(sentence):
        said = turned(clause)
        if said is None or clause.subject == "other":
            continue
        if _tells_event(clause):
            yield _fact("event", ("event", *_event_key(clause)), said, said, sentence, at_s)


def _tells_event(clause: Clause) -> bool:
    text = clause.text.lower()
    if _STATES.search(text):
        return True
    return clause.tense == "past" and clause.main in _EVENT_VERBS and bool(stems(text) - {clause.main})


def _event_key(clause: Clause) -> tuple[str, ...]:
    """The words that carry the event, in their stems and without its negation, so that "I did not lose my job after
    all" answers "I lost my job"."""
    words = [word.lower() for word in clause.words]
    return tuple(sorted({IRREGULAR.get(word, stem(word)) for word in words if stems(word)} - {"all", "end"})[:3])


def _fact(kind: FactKind, key: tuple[str, ...], text: str, topic: str, quote: str, at_s: float) -> Fact:
    return Fact(kind=kind, key=key, text=text, topic=topic, quote=quote, at_s=at_s)


def _title(name: str) -> str:
    return name[0].upper() + name[1:]


_RULES: tuple[Rule, ...] = (_who, _people, _dates, _wishes, _tastes, _helped, _events)
