"""Forgets an article in processes of their own, each killed at a later step.

`python forgetter.py ARTICLE_ID FIRST STRIDE LAKE...` forgets the article in each lake and kills
itself right before step FIRST, FIRST + STRIDE and so on, counted over what changes the disk.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.maintenance.forgetting import ForgetRequest, forget
from tests.faults.publisher import die_before, fork


def _forget_until(step: int, lake: Path, article_id: str) -> None:
    die_before(step)
    forget(LakeLayout(lake), ForgetRequest(article_id))


if __name__ == "__main__":
    _, article_id, first, stride, *lakes = sys.argv
    for number, lake in enumerate(lakes):
        step = int(first) + number * int(stride)
        process = fork(partial(_forget_until, step, Path(lake), article_id))
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
