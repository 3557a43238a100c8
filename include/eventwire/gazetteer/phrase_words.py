"""Small words that tell how the parts of a phrase belong together, for `actor_codes`."""

from __future__ import annotations

from typing import Final

# What follows one of these only tells where, whose or for whom.
JOINTS: Final = frozenset(
    {
        "of", "in", "from", "at", "for", "near", "across", "inside", "within", "throughout",
        "among", "around", "on", "under", "over", "to", "against", "with", "by", "between",
        "about", "after", "before", "during", "as", "into", "behind", "off", "outside", "than",
        "who", "that", "which", "whose", "where", "when", ",",
    }
)  # fmt: skip
# Prepositions that also count, and what then follows: "over 100", "as many as", "at least two".
COUNTING: Final = frozenset(
    {"than", "to", "at", "as", "over", "under", "about", "around", "between"}
)
NUMBERS: Final = frozenset(
    {
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "fifteen", "twenty", "thirty", "forty", "fifty", "dozen", "dozens", "half",
        "hundred", "hundreds", "thousand", "thousands", "million", "millions", "several", "least",
        "most", "many", "few",
    }
)  # fmt: skip
TELLS_COUNTRY: Final = frozenset(
    {
        "of", "in", "from", "at", "for", "near", "across", "inside", "within", "throughout",
        "among", "around", ",",
    }
)  # fmt: skip
TELLS_SECTOR: Final = frozenset({"of", "for", "from", "at", ","})
# Nothing after these is about the party itself.
RELATIVE_PRONOUNS: Final = frozenset({"who", "that", "which", "whose", "where", "when"})

# "rebel-held", "US-backed": the word before the hyphen names somebody else.
ENDINGS_OF_OTHERS: Final = frozenset(
    {
        "backed", "supported", "allied", "aligned", "funded", "sponsored", "friendly", "held",
        "controlled", "occupied", "trained", "armed", "designated", "dominated", "linked",
        "affiliated", "born", "made", "built", "inspired", "brokered", "mediated", "style", "loyal",
        "speaking", "bound", "free", "related", "infected", "era", "like", "imposed", "wide",
        "language", "hit", "torn", "origin", "member",
    }
)  # fmt: skip
# "Saudi-led coalition": the word tells the country of the party, not its sector.
ENDINGS_OF_COUNTRY: Final = frozenset({"led", "based", "run", "owned", "majority", "appointed"})
PREFIXES_OF_OTHERS: Final = frozenset({"pro", "anti", "non", "counter", "un", "post"})
FORMER: Final = frozenset(
    {
        "former", "ex", "retired", "ousted", "deposed", "onetime", "erstwhile", "toppled",
        "disgraced", "exiled",
    }
)  # fmt: skip
COURTESIES: Final = frozenset(
    {"mr", "mrs", "ms", "miss", "mister", "madame", "sir", "dame", "don", "lady", "lord"}
)
# States of an international organisation act as governments.
MEMBERS: Final = frozenset({"member", "members", "nations", "countries", "states", "governments"})
# "U.S. allies" are other states than the United States.
OTHER_STATES: Final = frozenset({"ally", "neighbor", "neighbour", "partner"})
# Family of those in office is of the elite.
KIN: Final = frozenset(
    {
        "wife", "husband", "son", "daughter", "brother", "sister", "mother", "father", "widow",
        "half brother", "half-brother", "son-in-law", "brother-in-law", "nephew", "niece", "cousin",
        "uncle", "aunt",
    }
)  # fmt: skip
# "president of the parliament" is of the parliament.
PRESIDING: Final = frozenset(
    {"president", "vice president", "vice-president", "secretary of state"}
)
BODY_SECTORS: Final = frozenset(
    {"LEG", "JUD", "NGO", "EDU", "BUS", "LAB", "IGO", "REL", "JRN", "MED", "PTY"}
)
# A rank after an office is only a title: "Defense Minister Gen. Sergei Shoigu".
RANKS: Final = frozenset(
    {
        "general", "Gen", "colonel", "Col", "admiral", "Adm", "brigadier", "brigadier general",
        "major general", "lieutenant general", "lieutenant colonel", "vice admiral", "rear admiral",
        "Lt", "Maj", "Brig", "Capt", "Captain", "Major", "captain", "lieutenant",
    }
)  # fmt: skip
# A group in arms stays one whatever it calls its men ("rebel soldiers", "Taliban commanders").
ARMED_GROUPS: Final = frozenset({"REB", "UAF", "CRM", "PRM"})
# What an international organisation sends keeps these sectors ("EU lawmakers", "NATO troops").
SECTORS_WITHIN_IGO: Final = frozenset(
    {"MIL", "COP", "LEG", "JUD", "CVL", "REF", "REL", "JRN", "LAB", "EDU"}
)
# Countries whose name is also a given name.
GIVEN_NAMES: Final = frozenset({"jordan", "chad", "georgia", "israel", "paris", "florence"})
