"""Three moves of an answer to something told: reflect it, show the feeling was understood, ask."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..memory.session import key
from .feel import SIGN, Tone, entry, in_vain, leaning, matcher, polarity, valence
from .phrases import Pen, lines, particular, table
from .understand import Understanding

Choices = tuple[str, ...]

WARM: Mapping[Tone, float] = {"bad": 0.95, "good": 0.88, "plain": 0.0}
"""Share of replies that begin with a warm word of our own; fewer, the more of them a conversation had already."""

OPENS = 0.1
"""Share of replies that begin with a sentence of the feeling, where that is known."""

PARTICULAR = 2.0
"""How much likelier a question in words of its own is than one that could be asked of anything (an exponent)."""

OFTEN = 0.25
"""Share of replies to a sure feeling that get a warm word where the first sentence had none."""

_WISHING = re.compile(
    r"(?:you|you're) (?:\w+ )?"
    r"(?:hoped?|wish(?:ed)?|want(?:ed)?|need|dream|think|thought|believe|guess|knew|know|have faith)\b"
)
_WARM = re.compile(r"\b(?:sorry|glad|happy for|I hope)\b", re.IGNORECASE)
_AGE = re.compile(r"\d|\b(?:old|age|aged|turns?|turning|turned|years?)\b")
_NO_NEWS = re.compile(r"you (?:used to|remember|can't believe|cannot believe)\b")
_TONED = re.compile(r"\((?:\w+ )*(?:bad|good|plain)\b")
_NO_REGRET = ("jealous", "guilty", "ashamed")
"""Feelings that one does not say sorry for."""
_HEAVY = ("sad", "lonely", "hurt", "tired", "overwhelmed", "anxious", "afraid", "grief")
"""Feelings that may be named alone, with regret."""


def reflect(told: Understanding, pen: Pen) -> str | None:
    """What they said, in their own terms turned round; failing that, their topic; failing that, that it was heard."""
    if told.mould == "harsh":
        return pen.write(lines("frames", "reflect", "harsh"))
    if told.mould == "judged":
        return pen.write(lines("frames", "reflect", "judged"))
    said_back = _frames(told) if told.clause else lines("frames", "reflect", f"doing_{told.tone}")
    for choices in (_openings(told, pen), said_back):
        text = pen.write(choices)
        if text:
            return text
    return _unsaid(told, pen)


def _unsaid(told: Understanding, pen: Pen) -> str | None:
    """What to say where nothing can be said back: the mood that goes on, the feeling named, a remark, the topic."""
    if told.carried:
        return pen.write(lines("frames", "reflect", f"carried_{told.tone}"))
    if told.feeling in _HEAVY and told.certainty == "sure" and told.tone == "bad":
        named = pen.write(lines("frames", "reflect", "felt_bad"))
        if named:
            return named
    by_topic = lines("frames", "reflect", f"topic_{told.tone}") if told.tone != "good" else ()
    known = remark(told, pen)
    return known or pen.write(by_topic) or pen.write(lines("frames", "reflect", f"none_{told.tone}"))


def _openings(told: Understanding, pen: Pen) -> Choices:
    """Sentences with a warm word or with the feeling in them; not where the clause leans the other way, nor for what
    may be regretted."""
    if not told.clause or told.carried or told.mould in ("own", "belief"):
        return ()
    if _against(told) or _elsewhere(told) or _hard_to_cheer(told) or _NO_NEWS.match(told.clause):
        return ()
    chance, warm = pen.random.random(), WARM[told.tone] / (1 + sum(bool(_WARM.search(said)) for said in pen.said))
    if (chance < warm or (told.feeling == "grief" and warm == WARM["bad"])) and told.feeling not in _NO_REGRET:
        return lines("frames", "reflect", f"warm_{told.tone}")
    named = told.mould == "feeling"  # "how annoying that you're annoyed" says nothing
    if not told.feeling or told.certainty == "maybe" or named or chance > warm + OPENS:
        return ()
    return () if polarity(told.clause) * valence(told.feeling) < 0 else lines("openings", told.feeling, "open")


def _against(told: Understanding) -> bool:
    """Whether the clause leans the other way than the message; "passed away" does not."""
    return polarity(told.clause or "") * SIGN[told.tone] < 0 and not entry(told.situation).get("alone")


def _elsewhere(told: Understanding) -> bool:
    """Whether what is hard stands beside a clause that is not: one is sorry for the worry, not for the exam."""
    if told.tone != "bad" or polarity(told.clause or "") or entry(told.situation).get("strong"):
        return False
    named = told.feeling and told.certainty == "sure"
    return in_vain(told.said) or bool(named and not matcher("feelings", told.feeling or "").search(told.clause or ""))


def _hard_to_cheer(told: Understanding) -> bool:
    """Good news with an ordeal in it: one is glad of the feeling, not of the exam."""
    trying = told.tone == "good" and told.situation and leaning(told.situation) < 0
    return bool(trying and polarity(told.clause or "") <= 0)


def _frames(told: Understanding) -> Choices:
    match told.mould:
        case "own":
            return lines("frames", "reflect", "own")
        case "belief":
            return lines("frames", "reflect", "belief")
        case _:
            fitting = lines("frames", "reflect", "sorry") if told.tone == "bad" and _fits(told) else ()
            if _against(told):  # "nervous, hooray"
                return tuple(frame for frame in lines("frames", "reflect", "bare_plain") if "{tail}" not in frame)
            bare = lines("frames", "reflect", f"bare_{told.tone}")
            if _elsewhere(told) and told.story != told.clause:
                return tuple(frame for frame in bare if "{story}" in frame)
            return bare + fitting


def tails(told: Understanding) -> Choices:
    """Short words of ours that go with the story, by its feeling where that is sure, else by its tone."""
    agreed = valence(told.feeling) * SIGN[told.tone] if told.feeling else 0
    felt = told.feeling and told.certainty != "maybe" and agreed >= (told.tone == "bad")  # "sorry, what a treat"
    return lines("openings", told.feeling or "", "tails") if felt else lines("frames", "tails", told.tone)


def remark(told: Understanding, pen: Pen, first: str = "") -> str | None:
    """A word about what is talked of, where one fits the tone; not a second warm one after a ``first``."""
    warm = bool(_WARM.search(first))
    said = [tuple(text for text in lines("subjects", name, "say") if not (warm and _WARM.search(text)))
            for name in _subjects(told)]
    return _first([choices for choices in said if choices], pen)


def _subjects(told: Understanding) -> Choices:
    """None where the person judges themselves, or where the situation's own lines alone will do: a dog that died has
    no favourite spot."""
    return () if told.mould == "harsh" or entry(told.situation).get("alone") else told.subjects


def _fits(told: Understanding) -> bool:
    """Only before a clause that is itself hard or good may one say "I'm sorry" or "how good"."""
    clause, sign = told.clause or "", SIGN[told.tone]
    if _WISHING.match(clause):
        return False
    own = polarity(clause) * sign
    if own or not entry(told.situation).get("strong") or not told.situation:
        return own > 0
    said = re.sub(r"\byou\b", "I", re.sub(r"\byour\b", "my", clause))
    return bool(matcher("situations", told.situation).search(said)) and leaning(told.situation) == sign


def react(told: Understanding, first: str, pen: Pen) -> str | None:
    """A warm word where the first sentence had none; more often for what is hard."""
    plain = told.tone == "plain" or not (told.certainty == "sure" or entry(told.situation).get("strong"))
    if plain or told.mould in ("harsh", "own") or _WARM.search(first):
        return None
    return pen.write(lines("frames", "react", told.tone)) if pen.random.random() < OFTEN else None


def validate(told: Understanding, pen: Pen) -> str | None:
    """An inference about the feeling: from the situation, from the feeling, or naming it, as sure as it is."""
    if told.feeling and told.other_feeling:
        return pen.write(lines("frames", "name", "mixed"))
    sources: list[Choices] = []
    if told.situation and _agrees(told) and (told.feeling or entry(told.situation).get("strong")):
        sources.append(lines("situations", told.situation, "validate"))
    if told.feeling and told.certainty != "maybe":
        sources.append(lines("feelings", told.feeling, "validate"))
    if told.feeling and not (told.certainty == "sure" and told.mould == "feeling"):
        good = "_good" if told.certainty != "maybe" and told.tone == "good" else ""
        sources.append(lines("frames", "name", f"{told.certainty}{good}"))
    return _first(sources, pen)


def _agrees(told: Understanding) -> bool:
    """A sentence about a wedding as joy is wrong where the wedding was called off."""
    usual = leaning(told.situation or "")
    return usual == 0 or told.tone == "plain" or SIGN[told.tone] == usual


def ask(told: Understanding, pen: Pen) -> str | None:
    """One open question: about what they told, the situation, the feeling, or one that fits anything."""
    if known := _own_list(told):
        return pen.write(lines("frames", "ask", known)) or pen.write(lines("frames", "ask", told.tone))
    if told.situation and entry(told.situation).get("only"):
        return pen.write(lines("situations", told.situation, "ask")) or pen.write(lines("frames", "ask", "open"))
    alone = entry(told.situation).get("alone")
    sources: list[Choices] = [] if alone else [lines("frames", "ask", told.tone)]
    if told.carried and not alone:  # it goes on with what was asked about before
        return _first([*sources, *[lines("frames", "ask", "open")] * 3, *_about_named(told)], pen)
    if told.clause and not alone:
        sources.append(lines("frames", "ask", f"short_{told.tone}"))
    for i, name in enumerate(_subjects(told)):
        sources += [_in_tone(name, told.tone)] * (8 if i == 0 else 2)
    if told.situation and _agrees(told) and (told.feeling or leaning(told.situation) >= 0):
        sources += [lines("situations", told.situation, "ask")] * 3
    if told.feeling and told.certainty != "maybe" and not told.theirs:
        sources += [lines("questions", told.feeling, "ask")] * 4 + [lines("feelings", told.feeling, "ask")] * 2
    if alone:
        return _question(sources, pen) or pen.write(lines("frames", "ask", told.tone))
    if told.second:
        sources += [lines("frames", "ask", "second")] * 4
    sources += _about_named(told)
    if _AGE.search(told.said):
        sources = [tuple(text for text in choices if "How old" not in text) for choices in sources]
    return _question(sources, pen) or pen.write(lines("frames", "ask", "plain"))


def _about_named(told: Understanding) -> list[Choices]:
    """Questions about the thing, the person and the deed they named."""
    sources: list[Choices] = []
    if told.object and _left_out(told.object, told):
        sources += [lines("frames", "ask", "aside")] * 3
    elif told.object:
        sources.append(lines("frames", "ask", f"object_{told.tone}"))
    if told.somebody:
        sources += [lines("frames", "ask", f"somebody_{told.tone}")] + [lines("frames", "ask", "somebody")] * 3
    if told.verb:
        sources += [_after(told.verb)] * (3 if told.tone == "plain" else 1)
    return [*sources, lines("frames", "ask", "topic")] if told.topic else sources


def _own_list(told: Understanding) -> str | None:
    """The list of questions that alone will do for a judgement, or where nothing particular is known."""
    if told.mould in ("judged", "harsh"):
        return told.mould
    return "open" if _nothing_known(told) else None


def _nothing_known(told: Understanding) -> bool:
    """Nothing to ask about in particular: neither a deed nor a feeling, a situation or a subject of its own."""
    known = told.clause or told.situation or told.subjects or told.object or told.somebody or told.topic
    return not known and (told.carried or not told.feeling)


def _left_out(thing: str, told: Understanding) -> bool:
    """Whether what was said back leaves the thing out."""
    return thing.rsplit(maxsplit=1)[-1] not in re.findall(r"[\w']+", f"{told.story} {told.clause} {told.second}")


def _question(sources: list[Choices], pen: Pen) -> str | None:
    """One of all their questions, rather one in words of its own; a list counts as often as it stands there, and a long
    one more than a short one, but less than by its length."""
    weights: dict[str, float] = {}
    for choices in sources:
        fitting = [choice for choice in choices if pen.suits(choice)]
        for choice in fitting:
            share = particular(choice) ** PARTICULAR / len(fitting) ** 0.5
            weights[choice] = weights.get(choice, 0.0) + share
    return pen.draw(weights)


def _in_tone(subject: str, tone: Tone) -> Choices:
    """The questions of a subject; where it leans the other way, only those that name the tone: a holiday spent alone
    has no suitcase to pack."""
    leans, questions = int(table("subjects")[subject].get("leans", 0)), lines("subjects", subject, "ask")
    return questions if leans * SIGN[tone] >= 0 else tuple(text for text in questions if _TONED.match(text))


def ask_of_event(pen: Pen) -> str | None:
    """A question that says back what happened."""
    return pen.write(lines("frames", "ask", "event"))


def _after(verb: str) -> Choices:
    """Questions that follow from what they did."""
    return tuple(text for group in table("verbs").values() if verb in group["verbs"] for text in group["ask"])


def _first(sources: list[Choices], pen: Pen) -> str | None:
    pen.random.shuffle(sources)
    return next((text for choices in sources for text in [pen.write(choices)] if text), None)


def option(told: Understanding, pen: Pen) -> str:
    """One small, safe thing to try, the more specific the better."""
    named = (told.situation or "", told.feeling or "" if told.feeling and valence(told.feeling) < 0 else "", "any")
    found = next(choices for name in named if (choices := lines("advice", "options", name)))
    said = " ".join(pen.said)
    unused = [choice for choice in found if key(choice) not in said] or list(lines("advice", "options", "any"))
    return pen.random.choice(unused)
