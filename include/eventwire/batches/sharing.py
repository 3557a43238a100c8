"""How the work of a run is shared out over tasks: few enough to start, enough to use all slots."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

_Part = TypeVar("_Part")

# More mapped tasks than a few hundred of a step would only load the scheduler, and more than 1,024
# are refused by Airflow as it is configured by default (`[core] max_map_length`).
_MOST_TASKS: Final = 400
# Starting a task and loading what it codes with takes five seconds, coding a thousand articles ten.
_CHUNKS_PER_TASK: Final = 10


def share_out(parts: Sequence[_Part], n_batches: int = 1) -> list[list[_Part]]:
    """Return the parts of one batch's work in their order, one a task while they are few.

    What a task holds in memory is one part at a time.

    Args:
        parts: Shards of the batch.
        n_batches: Number of batches of the run.
    """
    n_tasks = min(len(parts), _most_tasks(n_batches))
    return [
        list(parts[len(parts) * task // n_tasks : len(parts) * (task + 1) // n_tasks])
        for task in range(n_tasks)
    ]


def share_evenly(
    weights: Mapping[_Part, int], n_slots: int, n_batches: int = 1
) -> list[list[_Part]]:
    """Return the parts of one batch's work as lists that take about as long, one a task.

    There are as many as tasks can run at once, and when they would be long, a multiple of that: so
    no slot is idle while another one has work for two, and few tasks have to be started.

    Args:
        weights: How much work each chunk of the batch is, in any unit.
        n_slots: How many tasks can run at once.
        n_batches: Number of batches of the run.
    """
    rounds = math.ceil(len(weights) / (_CHUNKS_PER_TASK * n_slots))
    n_tasks = min(len(weights), rounds * n_slots, _most_tasks(n_batches))
    order = {part: number for number, part in enumerate(weights)}
    shares: list[list[_Part]] = [[] for _ in range(n_tasks)]
    loads = [(0, 0, number) for number in range(n_tasks)]
    # The largest first, each to whoever has the least: at most a third more than could be (Graham
    # 1969), and far less with parts of like size. Of equals the one with fewer parts.
    for part in sorted(weights, key=lambda part: -weights[part]):
        load, n_parts, number = loads[0]
        shares[number].append(part)
        heapq.heapreplace(loads, (load + weights[part], n_parts + 1, number))
    return [sorted(share, key=order.__getitem__) for share in shares]


def _most_tasks(n_batches: int) -> int:
    return max(1, _MOST_TASKS // n_batches)
