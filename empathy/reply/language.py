"""Is it English? Enough to say honestly that another language can't be answered."""

from __future__ import annotations

import re

from ..memory.plain import STOP_WORDS, tokens
from ..memory.verbs import base_of, word_set

_MORE = word_set("""
angry bad bored bye cat dad day dog fine friend friends good great happy hello help hey hi home job life lonely love
maybe mom morning night ok okay people please right sad scared school sorry sure thank thanks time tired true well
work wow yes you're k kk
""")
_ENGLISH = STOP_WORDS | _MORE
_OTHERS = word_set("""
aber ai ama auch aujourd'hui avec bardzo ben bene benim bin bir bonjour bugün c'est che ciao com como con cześć dank
danke dans das dat der det değil die dziękuję dziś e een ein eine el elle en es est estou estoy está et eu evet für
geht gli gracias grazie habe hallo har hast hayır heb heel hej het heute ho hoje hola hoy i ich idag ik il ile inte io
ist için j'ai ja jag je jest jestem la las le les lo los ma maar mais mam me mein meine merci merhaba met meu mi mia
mich mijn min minha mio mir mit moja molto mon muito muy mycket mój ne nee nein nej nicht nie niet no noi non nosotros
nous não nós obrigado och oggi olá oui para pas per perché perdí pero porque pour que qué sehr sie siento sim się sono
sou soy sto suis sì sí tack tak tengo tenho teşekkürler trabajo traurig triste très tu uma un una und une vandaag ve
você voor vous wenn wie wij wir y yo zij är çok è
""")
_SOUNDS = word_set("hm hmm hmmm mm mmm mhm shh brr pfft grr tsk psst zzz lol omg idk")
"""Written sounds and short forms without a vowel."""

_RUN = re.compile("asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|uiop|zxcv|xcvb|cvbn|vbnm")
"""Neighbours on a keyboard."""

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
    return not (other >= 1 and other > english and (other >= 2 or (len(words) <= 3 and english == 0)))


def is_gibberish(text: str) -> bool:
    """True when no token could be an English word: "asdfgh", "xkcdq zzt"."""
    words = [word.lower() for word in tokens(text) if word[0].isalpha()]
    if words and all(_RUN.search(word) for word in words):
        return True
    if not words or set(words) <= _SOUNDS:
        return False
    return all(_unreadable(word) for word in words)


def _unreadable(word: str) -> bool:
    if word in _ENGLISH or base_of(word) or len(word) < 3:
        return len(word) < 3 and word not in _ENGLISH and not re.search(r"[aeiouy]", word)
    return (
        not re.search(r"[aeiouy]", word)
        or bool(re.search(r"[bcdfghjklmnpqrstvwxz]{5,}", word))
        or bool(re.search(r"(.)\1{3,}", word))
        or (
            bool(re.match(r"^[asdfghjkl;]+$", word))
            and len(word) > 4
            and word
            not in ("alaska", "salad", "flask", "flash", "slash", "glass", "shall", "salsa", "falls", "halls", "lads")
        )
    )
