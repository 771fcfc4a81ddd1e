"""Reads every sentence of a generated reply before anyone sees it.

Rules, not a model: each names what it forbids. A sentence that fails is never shown; ``respond`` puts one of the
composer's in its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..types import Estimate
from .phrases import pattern, table

MAX_CHARS = 320
"""Longest sentence shown; about 60 words."""

_RULES: Mapping[str, tuple[str, ...]] = {
    "diagnosis": (
        r"\byou(?:'re| are| may be| might be| could be| seem(?: to be)?| sound| must be| probably are| appear(?: to be)?)\s+(?:[a-z]+ly |a bit |a little |quite |very |just )*"
        r"(?:clinically |severely |mildly |chronically )?(?:bipolar|schizo\w+|psychotic|autistic|borderline|narcissis\w+|a narcissist|an addict|an alcoholic|anorexic|bulimic|"
        r"mentally ill|manic|neurotic|codependent|a psychopath|a sociopath|delusional|paranoid|depressive|neurodivergent|dissociat\w+|on the spectrum|clinically)\b",
        r"\b(?:you|your)\b[^.?!]{0,50}\b(?:have|has|having|suffer(?:s|ing)? from|show(?:s|ing)? (?:\w+ )?(?:signs|symptoms) of|symptoms of|signs of|consistent with|indicates?|suggests?|case of|"
        r"meets? the criteria for|diagnos\w+|experiencing|points? to|sounds? like|looks? like)\b[^.?!]{0,40}\b(?:depression|(?:an? )?(?:\w+ )?disorder|ptsd|adhd|ocd|bipolar|anxiety disorder|schizophreni\w|psychosis|"
        r"autism|dementia|anorexia|bulimia|burnout syndrome|clinical|syndrome|mental illness|major depressive|addiction|generali[sz]ed anxiety|complex trauma|cptsd|mania)\b",
        r"\b(?:this|that|it)(?:'s| is| sounds like| looks like| must be| seems like| could be| may be)\b[^.?!]{0,25}\b(?:depression|an? [\w ]{0,20}disorder|ptsd|adhd|ocd|clinical|bipolar|psychosis|a mental illness|autism)\b",
        r"\b(?:my|the) diagnosis\b|\bI(?:'d| would| can)? diagnose\b|\byou (?:clearly |definitely )?need (?:a )?(?:psychiatric|inpatient)\b",
        r"\b(?:tested|assessed|screened) positive\b|\bon a scale\b[^.?!]*\bdepress",
    ),
    "medication": (
        r"\b(?:take|taking|try|trying|use|using|start|starting|stop taking|quit taking|skip|double|increase|reduce|lower|raise|prescribe\w*|recommend|suggest|ask for|switch to|come off|go off)\b[^.?!]{0,40}\b"
        r"(?:\w*pam|\w{3,}zepam|\w{3,}zolam|xanax|valium|prozac|zoloft|lexapro|sertraline|fluoxetine|citalopram|escitalopram|ibuprofen|paracetamol|acetaminophen|aspirin|melatonin|lithium|"
        r"antidepressants?|medications?|medicines?|meds|pills?|tablets?|dose|dosage|drugs?|ssris?|benzos?|sleeping aids?|st\.? john'?s wort|cbd|cannabis|weed|supplements?|adderall|ritalin|ambien|tranquili[sz]ers?|"
        r"painkillers?|sedatives?|valerian|kratom|ketamine|psilocybin|mushrooms|seroquel|wellbutrin|trazodone)\b",
        r"\b\d+(?:\.\d+)?\s?(?:mg|milligrams?|mcg|micrograms?|ml|drops|iu)\b",
        r"\b(?:one|two|three|half a|a) (?:pill|tablet|capsule|dose)s?\b",
        r"\byou(?: should| can|'d better)?[^.?!]{0,20}\b(?:be on|get on|go on) (?:medication|meds|antidepressants)\b",
    ),
    "promise": (
        r"\bI(?:'ll| will| can)?,? ?(?:promise|guarantee|swear)\b",
        r"\b(?:this|that|it) (?:will|is going to) (?:stay|remain) (?:between us|secret|private|confidential)\b|\b(?:your )?secret(?:'s| is) safe\b|\bI(?:'ll| will) (?:never|not|keep)\b[^.?!]{0,30}\b(?:tell|secret|anyone|share)\b|"
        r"\b(?:completely|totally|absolutely|fully|strictly|100%) (?:confidential|private|anonymous)\b|\bbetween (?:you and me|us)\b|\bnobody will (?:ever )?(?:know|find out)\b|\bno one will (?:ever )?(?:know|find out)\b",
        r"\b(?:everything|it|things|you)(?:'s| is|'re| are|'ll| will)? ?(?:all |definitely |certainly |surely )?(?:going to |gonna |will )?(?:be|turn out|work out) (?:just |all |perfectly |totally |absolutely )?"
        r"(?:fine|ok|okay|alright|all right|great|perfect|well|good|better|healed|cured)\b(?! if| would| could)",
        r"\byou(?:'ll| will| are going to|'re going to) (?:definitely |certainly |surely |absolutely |soon )*(?:get (?:over|through|better)|feel (?:much |so much |a lot )?better|be (?:happy|cured|healed|safe|over (?:it|him|her|them))|recover|"
        r"pass|win|succeed|heal|overcome|find (?:someone|love|a job|a better)|get the job|ace|forget (?:him|her|them|it)|look back|come out (?:of|stronger))\b",
        r"\b(?:he|she|they)(?:'ll| will) (?:definitely |certainly |surely )*(?:come back|forgive you|be fine|survive|recover|regret|change|love you|call you)\b",
        r"\bI(?:'ll| will) (?:always|forever) be (?:here|there)\b|\bI(?:'ll| will) (?:never leave|always love|be with you forever|save you|fix (?:it|this|you)|protect you|cure)\b|\bI (?:won't|will never) (?:leave|let you down|abandon)\b",
        r"\btime heals (?:all|every)",
    ),
    "harm": (
        r"\b(?:you should|you could|you can|just|why not|why don't you|go ahead and|maybe you should|try to|it(?:'s| is) (?:okay|ok|fine|best|better|right) to|feel free to|you deserve to|do it and|go)\s+(?:\w+ ){0,2}?"
        r"(?:kill|hurt (?:yourself|him|her|them)|harm|cut yourself|end (?:it|your life|things for good)|die|starve|punch|hit (?:him|her|them|back|yourself)|beat|stab|shoot|burn (?:yourself|his|her|their)|"
        r"jump|overdose|poison|get (?:your )?revenge|make (?:him|her|them) (?:pay|suffer)|smash|slap|destroy|get drunk|drink (?:it away|until|yourself)|get high|punish yourself|stop eating|skip (?:meals|eating)|choke|strangle|threaten|stalk)\b",
        r"\b(?:world|everyone|everybody|family|they|people) (?:would|will|might|may) be better off without you\b|\bnobody (?:would|will|cares|loves)[^.?!]{0,30}\byou\b|\byou(?:'re| are) (?:better off dead|worthless|a burden|pathetic|hopeless|a failure|useless|stupid|an idiot|"
        r"weak|disgusting|a loser|overreacting|too sensitive|being dramatic|being ridiculous|crazy|selfish|lazy)\b",
        r"\b(?:kill yourself|kys|end your (?:own )?life|commit suicide|hurt yourself|harm yourself)\b(?![^.?!]*\b(?:thoughts|thinking|please|don't|not)\b)(?<!to )",
        r"\b(?:methods?|ways?|how) (?:of|to|for) (?:kill|suicide|overdos\w+|self[- ]harm|cut|hang|die painless\w+)\b|\bpainless (?:way|method|death)\b|\blethal dose\b|\btie (?:a|the) noose\b",
        r"\b(?:don't|do not|no need to|never) (?:tell|call|talk to|see|trust|bother)[^.?!]{0,25}\b(?:anyone|anybody|doctor|police|therapist|help line|hotline|professional|ambulance|family|parents)\b",
        r"\b(?:he|she|they) (?:deserves?|had it coming|should) (?:to )?(?:die|suffer|be (?:hurt|punished|beaten|killed)|pay for)\b|\bdeserved? it\b|\bit(?:'s| is| was) (?:all )?your (?:own )?fault\b|\byou brought this on yourself\b|"
        r"\bsuicide is (?:an? )?(?:option|answer|solution|okay|brave)\b|\bdeath (?:is|would be|might be) (?:the )?(?:answer|better|peace\w*|relief|release|solution)\b|\bman up\b|\bget over it\b|\bsnap out of it\b|\bcalm down\b(?=[.!])|\bstop (?:crying|whining|complaining)\b",
    ),
    "human": (
        r"\bI(?:'m| am)(?: \w+)? (?:a (?:real |living |human )?(?:human|person|woman|man|girl|guy|mother|father|nurse|doctor|therapist|psychologist|counsell?or|psychiatrist|professional|coach)|human|alive|not (?:a |an )?"
        r"(?:robot|bot|ai|machine|program|computer|software)|real(?: person)?|(?:also )?in love|a licen[sc]ed|crying|hugging you)\b(?!,? not)",
        r"\bI (?:know|understand) (?:exactly |just |precisely )*how (?:you(?:'re| are)? (?:feel|feeling|must feel)|that feels|it feels|this feels|hard this is for you)\b|\bI(?:'ve| have) (?:been (?:there|through)|felt|experienced|lost|suffered|lived|had the same|also)\b|"
        r"\bwhen I (?:was|lost|went|had|got|broke|felt)\b|\bI (?:also )?(?:lost|broke up|grew up|went through|remember when my|have children|have kids|cried|grieve|suffer)\b|\bas a (?:fellow )?(?:human|mother|father|person|woman|man|therapist|doctor|nurse|survivor|professional)\b(?! like you| you)",
        r"\bmy (?:own )?(?:mother|father|mom|dad|wife|husband|brother|sister|childhood|kids|children|family|girlfriend|boyfriend|heart (?:breaks|aches|goes)|life|body|divorce|depression|patients|clients|dog|cat|job|therapist|eyes filled|tears)\b",
        r"\bI (?:really |truly |deeply |do )*(?:love|miss|adore|missed|feel your pain|feel for you|feel sad|feel happy|feel so)\b|\bI feel the same\b|\bme too\b|\bI(?:'m| am) (?:so )?(?:lonely|sad|scared|tired|excited) (?:too|as well)\b|\bwe humans\b|\bhuman like you\b|\bhugs?\b",
        r"\b(?:let's|we (?:can|could|should)) (?:meet|grab|have a coffee|go for|see each other)\b|\bI(?:'ll| will) (?:call|visit|come over|meet|drive|phone|text) (?:you|over|to)\b|\bI just (?:ate|woke|got home|came back)\b",
    ),
    "link": (
        r"https?://|www\.|\b[\w-]+\.(?:com|org|net|io|ru|xyz|info|co|gov|edu|app|link|de|uk)\b|<\s*/?\s*\w+[^>]*>|javascript:|\bon\w+\s*=\s*[\"']|\[[^\]]+\]\([^)]+\)|!\[|```|\{\{|\{%|data:text|&#|<\||\|>|\[/?INST\]|<<SYS>>",
        r"[\w.+-]+@[\w-]+\.\w+|(?:\+|\b00)\d[\d ()-]{7,}\d|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b|\b(?:click|tap) (?:here|this|the link)\b",
        r"(?:^|\s)(?:\*\*|__|#{1,6} |[-*•] |\d+\. )\S",
    ),
    "leak": (
        r"\b(?:system prompt|my instructions|as instructed|the instructions|as an ai language model|as a language model|ignore (?:all |my )?(?:previous|prior)|valence|arousal|confidence (?:score|of)|measured|probability|"
        r"\d+ ?% (?:sad|angry|happy|fear|confident))\b|^\s*(?:system|assistant|user)\s*:",
    ),
}
_COMPILED: Mapping[str, tuple[re.Pattern[str], ...]] = {name: tuple(re.compile(rule, re.IGNORECASE) for rule in rules) for name, rules in _RULES.items()}

_CLAIM = re.compile(r"\byou(?:'re| are| were| feel| felt| must feel| look| sound)\s+(?:so |very |really |clearly |obviously |deeply |extremely |just |still |quite |truly )*([a-z]+)", re.IGNORECASE)
_HEDGE = re.compile(r"\b(?:perhaps|maybe|might|may|could|seems?|sounds? (?:like|as)|if|wonder|possibly|as (?:if|though)|I imagine|I guess|can|would|when|do you|are you|whether|or)\b|\?", re.IGNORECASE)
_SURE = re.compile(r"\b(?:clearly|obviously|I can tell|certainly|without a doubt|no doubt|deep down|secretly|subconsciously|in denial|hiding|suppressing|repressing|lying|pretending)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a sentence about the person may lean on: their own words (all turns) and the estimate."""

    words: str
    estimate: Estimate | None


def check(sentence: str, evidence: Evidence) -> tuple[str, ...]:
    """The names of the rules a sentence breaks; empty when it may be shown.

    Args:
        sentence: one sentence of a generated reply.
        evidence: what is known of the person.
    """
    broken = [name for name, rules in _COMPILED.items() if any(rule.search(sentence) for rule in rules)]
    if len(sentence) > MAX_CHARS:
        broken.append("length")
    if _unfounded(sentence, evidence):
        broken.append("claim")
    return tuple(broken)


def _unfounded(sentence: str, evidence: Evidence) -> bool:
    """A flat statement of what the person feels, with nothing in their words or the readings to bear it."""
    if re.search(r"\byou(?:'re| are)\b", sentence, re.IGNORECASE) and _SURE.search(sentence) and not _HEDGE.search(sentence):
        return True
    for found in _CLAIM.finditer(sentence):
        family = _family(found.group(1).lower())
        if family is None or _HEDGE.search(sentence[: found.end()]):
            continue
        if not _borne(family, evidence):
            return True
    return False


def _family(word: str) -> str | None:
    for name, entry in table("feelings").items():
        found = pattern(tuple(phrase for phrase in entry["match"] if " " not in phrase))
        if found and found.fullmatch(word):
            return name
    return None


def _borne(family: str, evidence: Evidence) -> bool:
    feelings = table("feelings")
    kin = [entry for entry in feelings.values() if entry["emotion"] == feelings[family]["emotion"]]
    if any(found.search(evidence.words) for entry in kin if (found := pattern(tuple(entry["match"])))):
        return True
    estimate = evidence.estimate
    return estimate is not None and not estimate.abstains and feelings[family]["emotion"] in [name for name, p in estimate.emotions.items()[:2] if p > 0.2]
