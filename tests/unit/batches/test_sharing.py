import random

import pytest

from include.eventwire.batches.sharing import share_evenly, share_out


def test_a_task_has_one_part_while_there_are_few():
    assert share_out([0, 1, 2]) == [[0], [1], [2]]
    assert share_out([]) == []


def test_many_parts_are_shared_out_over_some_hundred_tasks():
    # 1,000 parts for 400 tasks: two or three each.
    shared = share_out(range(1_000))
    assert len(shared) == 400
    assert {len(parts) for parts in shared} == {2, 3}
    assert [part for parts in shared for part in parts] == list(range(1_000))


def test_the_batches_of_a_run_share_its_tasks():
    assert [len(parts) for parts in share_out(range(100), n_batches=8)] == [2] * 50
    assert share_out(["a", "b"], n_batches=1_000) == [["a", "b"]]


@pytest.mark.parametrize(
    ("n_parts", "n_slots", "lengths"),
    [
        (0, 4, []),
        (1, 4, [1]),
        (3, 4, [1, 1, 1]),
        (20, 2, [10, 10]),
        (20, 16, [1] * 12 + [2] * 4),
        (21, 2, [5, 5, 5, 6]),  # two rounds of two, not ten, ten and one
        (5_000, 2, [12] * 200 + [13] * 200),  # no more than 400 tasks
    ],
)
def test_work_is_cut_for_the_tasks_that_can_run_at_once(n_parts, n_slots, lengths):
    shares = share_evenly(dict.fromkeys(range(n_parts), 7), n_slots)
    assert sorted(map(len, shares)) == lengths
    assert sorted(part for share in shares for part in share) == list(range(n_parts))


def test_large_parts_are_with_small_ones():
    weights = {"a": 9, "b": 1, "c": 8, "d": 2, "e": 5, "f": 5}
    shares = share_evenly(weights, 2)
    assert sorted(sum(weights[part] for part in share) for share in shares) == [15, 15]
    assert all(share == sorted(share) for share in shares)


def test_no_task_has_much_more_work_than_another():
    chance = random.Random(3)
    weights = {number: chance.randrange(500, 1_500) for number in range(40)}
    loads = [sum(weights[part] for part in share) for share in share_evenly(weights, 2)]
    assert len(loads) == 4
    assert max(loads) < 1.05 * min(loads)


def test_parts_of_no_weight_are_shared_as_well():
    assert sorted(map(len, share_evenly(dict.fromkeys("abcd", 0), 2))) == [2, 2]


def test_the_batches_of_a_run_share_the_tasks_of_even_shares():
    shares = share_evenly(dict.fromkeys(range(900), 1), n_slots=32, n_batches=100)
    assert [len(share) for share in shares] == [225] * 4
