"""How stories are found: few numbers, and how they were chosen.

`python -m benchmarks.story_clusters` scores them, and shows by cross-validation what others give.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Raised with every change of the code that can change a row of a summary.
SUMMARY_VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class StoryParameters:
    """What decides which articles are on one happening.

    Attributes:
        threshold: Least mean similarity of an article to those of a story that it joins.
        headline_weight: How many times a word of the headline counts.
        name_weight: How many times a name counts more than another word.
        body_words: How many words of the body are looked at: the lead tells what it is about.
    """

    threshold: float = 0.10
    headline_weight: float = 3.0
    name_weight: float = 1.5
    body_words: int = 300


PARAMETERS: Final = StoryParameters()
