"""All blocks of a run, in this process, in several, or on a cluster: the same bytes whichever runs them.

A finished block is on disk before the next is counted, whole or not at all, so that nothing that ends the process loses
one. Blocks are added up in the order of their numbers, so that sums do not depend on who was quicker.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise.play._block import Plan, run_block
from counterpoise.play._chance import Array
from counterpoise.play._record import Record
from counterpoise.play._response import write_whole

Report = Callable[[int, int], None]
# Blocks that wait or run for each worker.
AHEAD = 2
_ADOPTED: list[tuple[Plan, Plan | None]] = []


def run_all(
    plan: Plan,
    other: Plan | None,
    blocks: Sequence[tuple[int, int]],
    *,
    seed: int,
    folder: Path | None,
    workers: int = 1,
    cluster: str | None = None,
    save_members: bool = False,
    report: Report | None = None,
) -> Record:
    """The record of all members of a run; blocks whose files lie in `folder` already are read, not run."""
    members = None
    if save_members and folder is not None:
        members = folder.parent / "members"
        members.mkdir(exist_ok=True)
    held: dict[int, Record] = {}
    todo = []
    for number, block in enumerate(blocks):
        if folder is None or not _whole(folder / f"{number:06d}.npz"):
            todo.append((number, *block))
    done = len(blocks) - len(todo)
    if report:
        report(done, len(blocks))
    for number, record in _results(plan, other, todo, seed, workers, cluster, members):
        if folder is None:
            held[number] = record
        else:
            write_whole(folder / f"{number:06d}.npz", packed(record.to_arrays()))
        done += 1
        if report:
            report(done, len(blocks))
    total = Record()
    for number in range(len(blocks)):
        total.merge(held.pop(number) if folder is None else read_record(folder / f"{number:06d}.npz"))
    return total


def _results(
    plan: Plan,
    other: Plan | None,
    todo: Sequence[tuple[int, int, int]],
    seed: int,
    workers: int,
    cluster: str | None,
    members: Path | None,
) -> Iterator[tuple[int, Record]]:
    """Each block as it ends, with its number."""
    if cluster is None and (workers <= 1 or len(todo) <= 1):
        for number, first, count in todo:
            yield number, run_block(plan, seed, first, count, other, members)
        return
    with _executor(plan, other, min(workers, max(1, len(todo))), cluster) as (executor, work, extra, room):
        waiting: dict[Any, int] = {}
        left = iter(todo)
        try:
            # A future keeps its block's record until it is let go: no more of them at a time than keep everyone busy.
            while True:
                for number, first, count in islice(left, room - len(waiting)):
                    waiting[executor.submit(work, seed, first, count, members, *extra)] = number
                if not waiting:
                    return
                for future in _first_done(list(waiting), cluster):
                    yield waiting.pop(future), Record.of_arrays(future.result())
        except BaseException:
            for future in waiting:
                future.cancel()
            raise


@contextmanager
def _executor(
    plan: Plan, other: Plan | None, workers: int, cluster: str | None
) -> Iterator[tuple[Executor, Any, tuple[Any, ...], int]]:
    """Who runs the blocks, the function to submit, what to submit with each, and how many blocks at a time."""
    if cluster is not None:
        from distributed import Client

        with Client(cluster) as client:
            # The plan travels to the cluster once; a block then carries a few numbers and a reference to it.
            there = client.scatter(plan, broadcast=True), client.scatter(other, broadcast=True)
            yield client, _on_cluster, there, AHEAD * max(1, sum(client.ncores().values()))
        return
    # Processes start anew on every system alike; a fork would copy the threads that BLAS has started.
    with ProcessPoolExecutor(workers, get_context("spawn"), _adopt, (plan, other)) as pool:
        yield pool, _on_adopted, (), AHEAD * workers


def _first_done(waiting: list[Any], cluster: str | None) -> Any:
    """The blocks that have ended, once at least one has."""
    if cluster is None:
        return wait(waiting, return_when=FIRST_COMPLETED).done
    from distributed import wait as wait_there

    return wait_there(waiting, return_when=FIRST_COMPLETED).done


def _adopt(plan: Plan, other: Plan | None) -> None:
    _ADOPTED[:] = [(plan, other)]


def _on_adopted(seed: int, first: int, count: int, members: Path | None) -> dict[str, Array]:
    plan, other = _ADOPTED[0]
    return run_block(plan, seed, first, count, other, members).to_arrays()


def _on_cluster(
    seed: int, first: int, count: int, members: Path | None, plan: Plan, other: Plan | None
) -> dict[str, Array]:
    return run_block(plan, seed, first, count, other, members).to_arrays()


def packed(arrays: dict[str, Array]) -> bytes:
    """Arrays as one compressed file with the same bytes whenever it is written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            data = io.BytesIO()
            np.lib.format.write_array(data, np.asanyarray(array), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), data.getvalue(), zipfile.ZIP_DEFLATED, 1
            )
    return buffer.getvalue()


def read_record(path: Path) -> Record:
    """The record of one finished block."""
    with np.load(path, allow_pickle=False) as held:
        return Record.of_arrays({name: held[name] for name in held.files})


def _whole(path: Path) -> bool:
    return path.is_file() and zipfile.is_zipfile(path)
