"""Is it English? Enough to say honestly that another language can't be answered."""

from __future__ import annotations

import re

from ..memory.plain import STOP_WORDS, tokens
from ..memory.verbs import base_of

_ENGLISH = STOP_WORDS | frozenset("""
hello hi hey yes no ok okay thanks thank please bye good bad fine sad happy help nothing maybe sure great well sorry wow right true never always today
night morning day work job home school mom dad friend friends dog cat time life love people really tired bored lonely angry scared you're don't can't
""".split())
_OTHERS = frozenset("""
ich bin nicht und ist das der die ein eine mein meine wir sie habe hast mir mich heute sehr traurig auch aber wenn für mit es ja nein danke hallo geht wie
je suis ne pas et est le la les un une mon ma nous vous elle il très aujourd'hui avec pour mais bonjour merci oui non c'est j'ai triste ai dans que
yo soy estoy no y es el los las una mi tu nosotros muy hoy con para pero hola gracias sí porque tengo está qué como me siento triste perdí trabajo
io sono non e è il lo gli mio mia noi molto oggi per ma ciao grazie sì ho perché che sto bene
eu estou não sou meu minha nós muito hoje com obrigado olá sim porque tenho uma você
ik ben niet en het een mijn wij zij heel vandaag met voor maar hallo dank ja nee heb dat
ben değil ve bir benim çok bugün ile için ama merhaba teşekkürler evet hayır
jestem nie i jest mój moja bardzo dziś cześć dziękuję tak się mam
jag är inte och det en min mycket idag hej tack ja nej har
""".split())
_SHARED = _ENGLISH & _OTHERS


def is_english(text: str) -> bool:
    """False when the letters or the small words are clearly those of another language."""
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return True
    if sum(ord(char) > 0x24F for char in letters) > 0.3 * len(letters):
        return False
    words = [word.lower() for word in tokens(text) if word[0].isalpha()]
    english = sum(word in _ENGLISH - _SHARED or (base_of(word) is not None and word not in _OTHERS) for word in words)
    other = sum(word in _OTHERS - _SHARED for word in words)
    return not (other >= 1 and other > english and (other >= 2 or len(words) <= 3 and english == 0))


def is_gibberish(text: str) -> bool:
    """True when no token could be an English word: "asdfgh", "xkcdq zzt"."""
    words = [word.lower() for word in tokens(text) if word[0].isalpha()]
    if not words:
        return False
    return all(_unreadable(word) for word in words)


def _unreadable(word: str) -> bool:
    if word in _ENGLISH or base_of(word) or len(word) < 3:
        return len(word) < 3 and word not in _ENGLISH and not re.search(r"[aeiouy]", word)
    return not re.search(r"[aeiouy]", word) or bool(re.search(r"[bcdfghjklmnpqrstvwxz]{5,}", word)) or bool(re.search(r"(.)\1{3,}", word)) or (
        bool(re.match(r"^[asdfghjkl;]+$", word)) and len(word) > 4 and word not in ("alaska", "salad", "flask", "flash", "slash", "glass", "shall", "salsa", "falls", "halls", "lads"))
