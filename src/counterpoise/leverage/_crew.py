"""Sharing independent questions among processes, each of which stays with a topic, for it keeps what it has built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from threading import Lock
from typing import Any


@dataclass(frozen=True, slots=True)
class Job:
    """One question, answered by `function(shared, *arguments)`; jobs of a `topic` build on the same things."""

    topic: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def answer(self, shared: Any) -> Any:
        """The answer, computed in this process."""
        return self.function(shared, *self.arguments)


def share_out(shared: Any, jobs: Sequence[Job], workers: int) -> list[Any]:
    """The answers in the order of the jobs, from this process and as many others as make `workers` in all.

    The answers do not depend on `workers`. A script that asks for more than one keeps its own work under `if __name__
    == "__main__"`, as processes that start anew require.
    """
    workers = min(workers, len(jobs))
    if workers <= 1:
        return [job.answer(shared) for job in jobs]
    waiting = _Waiting(jobs)
    # Processes start anew on every system alike; a fork would copy the threads that BLAS has started. What is shared
    # travels to each of them once. This process works too: it has loaded already what the others begin with.
    context = get_context("spawn")
    with ExitStack() as stack:
        others = [stack.enter_context(ProcessPoolExecutor(1, context, _adopt, (shared,))) for _ in range(1, workers)]
        drivers = stack.enter_context(ThreadPoolExecutor(len(others)))
        driven = [drivers.submit(waiting.work, _sender(other)) for other in others]
        waiting.work(lambda job: job.answer(shared))
        for driver in driven:
            driver.result()
    return waiting.answers


class _Waiting:
    """The jobs not yet begun, and the topics that somebody is at."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.jobs = jobs
        self.answers: list[Any] = [None] * len(jobs)
        self._left = list(range(len(jobs)))
        self._held: list[str] = []
        self._lock = Lock()

    def work(self, answer: Callable[[Job], Any]) -> None:
        """Take jobs and answer them until none is left; a job that fails ends the work of all."""
        topic: str | None = None
        try:
            while (number := self._take(topic)) is not None:
                topic = self.jobs[number].topic
                self.answers[number] = answer(self.jobs[number])
        except BaseException:
            self._left.clear()
            raise

    def _take(self, topic: str | None) -> int | None:
        """The next job of one's topic, else of a topic that nobody is at, else of any."""
        with self._lock:
            if topic is not None:
                self._held.remove(topic)
            ways = (lambda own: own == topic, lambda own: own not in self._held, lambda own: True)
            found = (number for fits in ways for number in self._left if fits(self.jobs[number].topic))
            number = next(found, None)
            if number is not None:
                self._left.remove(number)
                self._held.append(self.jobs[number].topic)
            return number


# What a process that answers for another was given; it travels there once.
_ADOPTED: list[Any] = []


def _adopt(shared: Any) -> None:
    _ADOPTED[:] = [shared]


def _answer_adopted(job: Job) -> Any:
    return job.answer(_ADOPTED[0])


def _sender(pool: ProcessPoolExecutor) -> Callable[[Job], Any]:
    return lambda job: pool.submit(_answer_adopted, job).result()
