"""English verbs, as far as plain talk needs them: which word is a finite verb, and what its other forms are.

A closed list on purpose: what is not in it is not taken for a verb, and the sentence is then not turned round.
"""

from __future__ import annotations

from collections.abc import Mapping


def word_set(text: str) -> frozenset[str]:
    """A word list written as running text."""
    return frozenset(text.split())


BASES = word_set("""
abandon accept accuse ache achieve act admire admit adopt adore afford agree allow announce annoy answer apologise
apologize apply appreciate argue arrange arrive ask assume attack attend avoid bake ban bark beat become beg begin
behave believe belong betray bite blame bleed blow boil book borrow bother bounce break breathe bring build bully burn
burst buy call cancel care carry catch celebrate change charge chase chat cheat check cheer choose clean climb close
coach collapse come comfort compete complain complete confess confront confuse congratulate connect consider contact
continue control cook cope cost cough count cover crack crash create cross cry cut dance date deal decide decline
defend delay delete deliver deny depend deserve destroy develop diagnose die dig disagree disappear disappoint
discover discuss dislike divorce do donate doubt drag draw dread dream dress drink drive drop drown dump earn eat
embarrass encourage end endure enjoy enter envy escape evict exercise expect experience explain explode face fade fail
faint fall fear feed feel fight figure fill find finish fire fit fix flirt flunk fly focus follow forget forgive freak
freeze gain get ghost gift give go grab graduate grieve grow guess hand handle hang happen hate have heal hear help
hesitate hide hire hit hold hope host hug hunt hurry hurt ignore imagine improve inherit injure insist insult
interrupt interview introduce invite involve jog join joke judge jump keep kick kiss knock know lack laugh launch lay
lead learn leave lend let lie lift like listen live lock look lose love make manage marry matter mean meet mention
mess miss mourn move mow mug nag need neglect notice observe offer open order overhear overreact overthink owe own
pack paint panic park participate pass pay perform pet pick plan plant play post postpone practice practise praise
pray prefer prepare present pretend prevent promise promote propose protect prove pull punch punish purchase push put
quit rain raise reach react read realise realize receive recognize recover refuse regret reject relapse relate relax
relive rely remain remember remind remove rent repair repeat reply rescue resent resign respect respond rest retire
return reunite rewrite ride rob ruin run rush sabotage save say scare scold score scratch scream search see seem sell
send separate sew share shop shout show shut sing sit skip sleep slip smell smile smoke snap sneak snore sob speak
spend spill split spoil stand stare start stay steal step stick stink stop straighten stress struggle study stumble
succeed suffer suggest support suppose surprise survive suspect swear swim switch take talk taste teach tear tease
tell text thank think threaten throw tidy tie touch train travel treat trick trip trust try turn undergo understand
upset use vanish visit volunteer vomit vote wait wake walk wander want warn wash waste watch wear weep welcome whisper
win wish withdraw witness wonder work worry wreck write yell
ace anticipate appear approve assemble babysit chew compare dare decorate dive dry encounter exchange exit flee head
install land lift list manipulate nail overlook oversleep peek place point rearrange research roast scrape slam
slice sound spot submit surf trash tuck unload unplug wipe
""")

IRREGULAR: Mapping[str, str] = {
    past: base
    for base, forms in (pair.split(":") for pair in word_set("""
    beat:beat,beaten become:became,become begin:began,begun babysit:babysat bite:bit,bitten dive:dove flee:fled
    oversleep:overslept blow:blew,blown break:broke,broken
    bring:brought build:built burn:burnt buy:bought catch:caught choose:chose,chosen come:came cost:cost cut:cut
    deal:dealt dig:dug do:did,done draw:drew,drawn dream:dreamt drink:drank,drunk drive:drove,driven eat:ate,eaten
    fall:fell,fallen feed:fed feel:felt fight:fought find:found fly:flew,flown forget:forgot,forgotten
    forgive:forgave,forgiven freeze:froze,frozen get:got,gotten give:gave,given go:went,gone grow:grew,grown
    hang:hung have:had hear:heard hide:hid,hidden hit:hit hold:held hurt:hurt keep:kept know:knew,known lay:laid
    lead:led leave:left lend:lent let:let lie:lied lose:lost make:made mean:meant meet:met overhear:overheard
    overthink:overthought pay:paid put:put quit:quit read:read rewrite:rewrote ride:rode,ridden run:ran say:said
    see:saw,seen sell:sold send:sent shut:shut sing:sang,sung sit:sat sleep:slept sneak:snuck speak:spoke,spoken
    spend:spent split:split stand:stood steal:stole,stolen stick:stuck stink:stank swear:swore,sworn swim:swam
    take:took,taken teach:taught tear:tore,torn
    tell:told think:thought throw:threw,thrown undergo:underwent understand:understood
    upset:upset wake:woke,woken wear:wore,worn weep:wept win:won withdraw:withdrew write:wrote,written
    """))
    for past in forms.split(",")
}
"""Irregular pasts and participles to their dictionary form."""

AUXILIARIES = word_set("""
ain't am are aren't be been can can't cannot could couldn't did didn't do does doesn't don't had hadn't has hasn't
have haven't is isn't may might mightn't must mustn't shall should shouldn't was wasn't were weren't will won't would
wouldn't
""")
PAST_AUXILIARIES = word_set("was were had did wasn't weren't hadn't didn't")
FUTURE_AUXILIARIES = word_set("will won't shall")
BE = word_set("am is are was were isn't aren't wasn't weren't")


def base_of(word: str) -> str | None:
    """The dictionary form of a lower-case verb form, None when it is no known verb."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in BASES:
        return word
    for ending, repairs in (
        ("ied", ("y",)),
        ("ed", ("", "e")),
        ("ies", ("y",)),
        ("es", ("", "e")),
        ("s", ("",)),
        ("ying", ("y", "ie")),
        ("ing", ("", "e")),
    ):
        if not word.endswith(ending) or len(word) <= len(ending) + (ending != "ying"):
            continue
        stem = word[: -len(ending)]
        candidates = [stem + repair for repair in repairs]
        if ending in ("ed", "ing") and len(stem) > 2 and stem[-1] == stem[-2]:
            candidates.insert(0, stem[:-1])
        for candidate in candidates:
            if candidate in BASES:
                return candidate
    return None


def is_past(word: str) -> bool:
    """True for a form that can stand alone as a past tense ("lost", "cried")."""
    return word in IRREGULAR or (word.endswith("ed") and base_of(word) is not None)


_DOUBLING = frozenset({
    "let", "get", "forget", "begin", "regret", "quit", "admit", "upset", "put", "cut", "hit", "sit", "shut", "win",
    "run", "stop", "drop", "plan", "ban", "beg", "drag", "dig", "swim", "skip", "slip", "trip", "nag", "rob",
    "babysit", "hug", "jog", "mug", "grab", "chat", "pet", "snap", "sob", "split", "step", "shop", "fit",
})
"""Verbs that double their last letter before -ing."""


def gerund_of(base: str) -> str:
    """The -ing form of a dictionary form."""
    if base in ("be", "see", "flee", "agree", "disagree"):
        return base + "ing"
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e"):
        return base[:-1] + "ing"
    if base in _DOUBLING:
        return base + base[-1] + "ing"
    return base + "ing"
