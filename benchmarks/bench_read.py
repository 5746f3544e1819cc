"""Reading: the time of one article with the start of the program, of a file of nearly 2 MB, and articles a minute.

Run `python benchmarks/bench_read.py`. The text is made here, so that no data are needed.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

PARAGRAPH = (
    "Armenian Prime Minister Nikol Pashinyan met Azerbaijani President Ilham Aliyev in Abu Dhabi on July 10, and "
    "the two sides agreed to open the border. Russia supplied roughly 85 percent of the gas that Armenia used in "
    "2024, about 2.5 billion cubic meters, at $165 per 1,000 cubic meters. Analysts warn that dependence on "
    "Gazprom may expose Yerevan to pressure from Moscow, because few alternatives exist. The European Union "
    "pledged 270 million euros, but the money will arrive only by 2027. Iran's ambassador said trade could reach "
    "$3 billion.\n\n"
)
ONE_ARTICLE = PARAGRAPH * 8
LIMIT_S = 1.0
ARTICLES = 200


def processor() -> float:
    """Seconds of processor time that finished child processes have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start_to_end(path: Path) -> tuple[float, float]:
    """Seconds of `read PATH --json` in a fresh process, by the clock and of the processor, each the best of three."""
    code = (
        "import sys; from counterpoise.cli.read import read; "
        "sys.exit(read(sys.argv[1], published='2026-02-19', json=True))"
    )
    best = work = float("inf")
    for _ in range(3):
        begun, before = time.perf_counter(), processor()
        subprocess.run([sys.executable, "-c", code, str(path)], stdout=subprocess.DEVNULL, check=True)
        best, work = min(best, time.perf_counter() - begun), min(work, processor() - before)
    return best, work


def read_many(path: str, count: int) -> int:
    """Read one file again and again in this process; nothing of an article is kept between readings."""
    from counterpoise.evidence import read_article

    return sum(len(read_article(path, published="2026-02-19").to_json()) for _ in range(count))


def minute(path: Path) -> tuple[float, float]:
    """Seconds for 1,000 articles on two warm processes, scaled from 200, and of processor time on each of the two."""
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(read_many, [str(path)] * 2, [1, 1]))
        read_many(str(path), 1)
        worked = time.process_time()
        read_many(str(path), 20)
        each = (time.process_time() - worked) / 20
        begun = time.perf_counter()
        list(pool.map(read_many, [str(path)] * 2, [ARTICLES // 2] * 2))
        return (time.perf_counter() - begun) * 1000 / ARTICLES, each * 1000 / 2


def run() -> list[dict[str, Any]]:
    """Rows for `make bench`; the peer is the limit of the contract."""
    with tempfile.TemporaryDirectory() as folder:
        article, long, page = (Path(folder) / name for name in ("article.txt", "long.txt", "page.html"))
        article.write_text(ONE_ARTICLE, encoding="utf-8")
        long.write_text((PARAGRAPH * 4_000)[:1_990_000], encoding="utf-8")
        body = "".join(f"<div class='x'><p>{part}</p></div><script>var x = 1;</script>" for part in [PARAGRAPH] * 3_000)
        page.write_text(f"<!DOCTYPE html><html><body>{body}"[:1_990_000], encoding="utf-8")
        note = f"{os.cpu_count()} cores"
        started = {
            "one article of 4,800 characters, start included": start_to_end(article),
            "plain text of 1.99 MB, start included": start_to_end(long),
            "web page of 1.99 MB, start included": start_to_end(page),
        }
        rows: list[dict[str, Any]] = [
            {
                "name": name, "ours_s": clock, "peer": "limit", "peer_s": LIMIT_S,
                "note": f"{note}, processor {work:.2f} s",
            }
            for name, (clock, work) in started.items()
        ]  # fmt: skip
        clock, work = minute(article)
        rows.append(
            {
                "name": "1,000 articles, two processes", "ours_s": clock, "peer": "limit", "peer_s": 60.0,
                "note": f"{note}, processor {work:.1f} s on each",
            }
        )  # fmt: skip
        return rows


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']}: {row['ours_s']:.2f} s (limit {row['peer_s']:g} s, {row['note']})")
