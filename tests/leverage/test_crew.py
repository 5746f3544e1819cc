"""Sharing work among processes: the same answers in the same order, a topic to each, and a failure that ends it."""

from __future__ import annotations

import math
from operator import pow as power

import pytest

from counterpoise.leverage import Job, share_out
from counterpoise.leverage._crew import _Waiting


def test_answers_come_in_the_order_of_the_jobs_however_many_processes_share_them() -> None:
    jobs = [Job(topic, power, (k,)) for k, topic in enumerate("aabbcab")]
    assert share_out(2, jobs, 1) == share_out(2, jobs, 2) == [2**k for k in range(7)]
    assert share_out(2, [], 2) == []


def test_a_worker_stays_with_its_topic_then_takes_one_that_nobody_is_at_and_helps_out_last() -> None:
    waiting = _Waiting([Job(topic, power, ()) for topic in "aaabbc"])
    assert waiting._take(None) == 0
    assert waiting._take(None) == 3
    assert waiting._take("b") == 4
    assert waiting._take("b") == 5
    assert waiting._take("c") == 1
    assert waiting._take("a") == 2
    assert waiting._take("a") is None


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_that_fails_ends_the_work_with_its_own_error(workers: int) -> None:
    with pytest.raises(ValueError, match=r"math domain|expected"):
        share_out(-1.0, [Job("roots", math.sqrt, ())] * 5, workers)
