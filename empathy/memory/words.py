"""The closed word classes that cutting and turning sentences lean on. Word lists, nothing else."""

from __future__ import annotations

import re

from .verbs import word_set

NOMINATIVE = word_set("""
I I'd I'll I'm I've he he's she she's they they're we we're we've
""")
"""Words that can only be a subject."""

MINE = word_set("""
my our
""")

OTHERS = word_set("""
everybody everyone he it nobody people she somebody someone they
""")
"""Subjects that are neither the person nor a noun."""

OTHERS_CONTRACTED = word_set("""
he'd he's it'll it's she'd she's they'd they're they've
""")

CONTRACTED = word_set("""
I'd I'll I'm I've he'd he's it'll it's she'd she's they'd they're they've we'd we'll we're we've
""")
"""Pronoun and verb in one."""

ARTICLES = word_set("""
a an another her his one some that the their these this those
""")
"""What a noun phrase starts with, when it is not the person's own."""

ADVERBS = word_set("""
absolutely accidentally actually all almost already also always barely both completely constantly currently definitely
even ever finally genuinely hardly honestly just kinda literally never often only probably quickly quite really
accidently also certainly mistakenly nearly normally officially once randomly recently regularly secretly simply
slowly so
sometimes still typically unexpectedly suddenly too totally truly usually very
""")
"""What may stand between a subject and its verb."""

WEIGHTY = word_set("""
almost barely both hardly nearly never only
""")
"""Adverbs without which a sentence says something else."""

CUTS = word_set("""
after although as because before but cause if lest since so then though unless until when where whereas which while
whom whose
""")
"""Conjunctions at which a sentence is cut."""

SUBORDINATORS = word_set("""
after although as because before if since though unless until when while
""")
"""Those that make what follows a part of something."""

DANGLING = word_set("""
a about all also am an and any are as at be because been but by can can't could did didn't do does don't even every
for from get getting got had has have he her his how i i'd i'll i'm i've if into is it's its just let's like me's more
most mt my never no not now of or our really she should so some such than that the their then there they this through
to too towards until very was we were what when where whether which while who why will with won't would your
""")
"""What no clause can end on."""

LEAD_IN = word_set("""
and anyway apparently basically but dude fortunately god hello hey hi hmm honestly hopefully lol luckily man no oh ok
okay omg or plus sadly so thankfully then ugh uh um unfortunately well wow yeah yes
""")
"""What may be dropped from the beginning."""

NOISE = word_set("""
btw haha hahaha hehe idk lmao lol omg smh tbh wtf xd
""")
"""Written laughter and the like."""

PLURAL_HEADS = word_set("""
children colleagues coworkers family friends grandparents kids neighbors neighbours parents people roommates teachers
twins
""")
"""Plurals without an s, and people who come in numbers."""

PAST_TIME = word_set("""
ago last yesterday
""")
"""Words of the past beside which a present tense is a slip."""

NO_GERUND = word_set("""
be believe end feel find guess hate hope keep know like look love mean need remember seem think wait want wish
""")
"""Verbs whose -ing form makes no event of a sentence."""

INTRANSITIVE = word_set("""
cry fail faint fall freeze graduate panic pass quit relapse resign retire shake survive win
""")
"""Verbs that need nothing after them."""

STOP_NOUN = word_set("""
a about actually after again all already also always am an and are around as at away back be because been before but
by can could did do does down during even ever except finally for from had has have he her here him his how i if in
into is it just last later may me might more most my never next not now of off on once only or our out over really
recently she since so still than that the them there they this through to today tomorrow tonight too until up us very
was we were what when where which while who will with without would yesterday you your
""")
"""Where a noun phrase ends."""

NOUNS_TOO = word_set("""
being bike building call care cat change charge clothing cost cover crash cut dance date dining dream dress drink
drive end evening exam experience fear feeling fight flight friend gift guess hand home hope hug hunt interview job
joke kick kiss laugh lead living look love lunch match meeting morning move offspring paint painting parking party
performance pet plan plant play post practice project promise race raise rent report rest ride room run search share
shower sibling sleep smile smoke spring start step stress struggle study support surprise swim talk taste test touch
train training travel treat trick trip trust turn use visit vote walk wedding wish work worry
""")
"""Verb forms that are as often nouns."""

TAKES_CLAUSE = word_set("""
afraid all angry anything certain confident day disappointed embarrassed everything excited glad grateful happy her
him hopeful jealous lucky mad me nothing positive proud sad scared something sorry sure surprised than thankful them
thing time upset way worried you
""")
"""After these a pronoun goes on with the same clause: "so sure I would win", "the day I left"."""

NO_HEADS = word_set("""
ass back bad best best big case current dear dream entire eyes face fault favorite favourite first former god good
goodness head heart last late life little mind name new old older oldest opinion own part place point previous self
side time turn way whole younger youngest
""")
"""What no thing worth naming ends on: "my best", "my own", "my fault"."""

HOLLOW = word_set("""
believe bet guess hope know mean realized said say suppose swear think thought told wish
""")
"""Verbs that say nothing alone: "I think", "I told him"."""

ROUGH = re.compile(
    r"^(?:fuck|shit|bitch|cunt|damn|asshole|bastard|dick|piss|crap|hell$|goddamn|motherf|whore|slut|retard|nigg|fag)",
    re.IGNORECASE,
)
"""Words that are never said back."""
