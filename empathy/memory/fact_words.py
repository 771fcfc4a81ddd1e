"""Word lists and expressions for finding facts: relations, times, events, work."""

from __future__ import annotations

import re

from .verbs import word_set

_CLOSE = (r"(?:(?:best|old|older|younger|little|big|twin|elder|ex|step|grand|closest|good|new|former|oldest|youngest)"
          r"[ -]?)*")
_KIN = "|".join([
    "sister|brother|mother|father|mom|mum|dad|son|daughter|wife|husband|partner|boyfriend|girlfriend|fianc[eé]e?|friend|boss",
    "manager|teacher|cousin|aunt|uncle|grandma|grandpa|grandmother|grandfather|niece|nephew|roommate|flatmate|neighbou?r",
    "coworker|co-worker|colleague|therapist|doctor|ex|dog|cat|puppy|kitten|horse|baby|rabbit|parrot|hamster|granddaughter|grandson|fianc[eé]e?|bff|girl|boy|child|kid",
])
RELATION = rf"(?:{_CLOSE}(?:{_KIN}))"
"""Someone in the person's life."""

DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_SEASON = "(?:summer|winter|spring|fall|autumn)"
_COUNT = r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d+|a few|a couple of)"
TIME = "|".join([
    rf"(?:(?:on|by|this|next|until|this coming) )?{DAY}(?: (?:morning|afternoon|evening|night))?",
    "(?:the day after )?tomorrow(?: (?:morning|afternoon|evening|night))?|tonight|today",
    f"this (?:week|weekend|month|evening|afternoon|year|{_SEASON})",
    f"next (?:week|weekend|month|year|{_SEASON}|{MONTH})|(?:on|at|over) the weekend|in (?:the )?{_SEASON}",
    "(?:on |at |for |over )?(?:christmas|easter|thanksgiving|new year's(?: eve)?)",
    rf"in {_COUNT} (?:hours?|days?|weeks?|months?)",
    rf"(?:on )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)(?: of {MONTH})?",
    rf"(?:on |in )?{MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?",
    r"at (?:\d{1,2}(?::\d\d)? ?(?:am|pm)?|noon|midnight"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)",
])
"""When something is to be."""

STATES = re.compile(
    r"\b(?:sick|ill|pregnant|in (?:the )?hospital|dying|cancer|alone|unemployed|homeless|engaged|deployed|moving"
    r"|in jail|pass(?:ed|ing) away"
    r"|in prison|missing|getting (?:married|divorced)|broke up|laid off|fired|promoted|expecting"
    r"|diagnosed)\b"
)
"""Conditions worth remembering."""

NOT_EVENTS = word_set("""
bit boss brother car cat dad day dog fear feeling friend god he house it life lot mom night nothing one people plan
problem reason she sister something that thing things this time way weather week work
""")
"""Heads of "my ... is on Monday" that are no dates."""

EVENTS = word_set("""
anniversary appointment audition baby baby-shower biopsy birthday call checkup chemo class competition concert course
date deadline defence defense dinner driving-test due-date exam exam's finals flight funeral game graduation hearing
holiday interview job marathon match meeting midterm move operation party performance presentation race recital
results reunion review scan school session shift show speech surgery test thesis tournament treatment trial trip
vacation visit wedding
""")
"""Things that have a date."""

JOBS = word_set("""
accountant actor apprentice artist baker barista builder caregiver carer carpenter cashier chef cleaner consultant
cook dad dancer dentist designer developer doctor driver electrician engineer farmer father firefighter freelancer
grandfather grandmother hairdresser intern journalist lawyer librarian manager mechanic mom mother mum musician nurse
painter paramedic parent pharmacist photographer pilot plumber professor programmer psychologist receptionist
researcher retiree salesman saleswoman scientist secretary singer social-worker soldier student teacher therapist
trainee translator tutor vet veteran waiter waitress widow widower writer
""")
"""What people say they are."""

EVENT_VERBS = word_set("""
accept adopt argue betray break bully buy cancel cheat crash diagnose die divorce dump evict fail fight find finish
fire forget get graduate hire hurt ignore invite leave lose marry miscarry miss move pass promote propose quit reject
relapse retire sell separate start steal win yell
""")
"""Deeds and blows worth remembering."""

NO_NAMES = word_set("""
a afraid an and angry anxious at back bad but depressed done feeling fine from glad going good happy here home in just
lonely new not ok okay on really sad scared so sorry sure the tired very worried
""")
"""What follows "I'm" and is no name."""
