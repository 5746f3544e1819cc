"""How long `audit` takes on generated OCDS JSON Lines, and how much memory: python benchmarks/bench_audit.py --mb 100.

The processes are drawn from one seed: 3 bids, 1 award and 2 items each, 1.9 kB per line (`--small`: 0.8 kB).
Memory is the largest resident set of the command and of its largest worker.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUN = """
import sys
from pathlib import Path
from counterpoise.cli.audit import audit
sys.exit(audit(Path(sys.argv[1]), flags=sys.argv[2], json=True))
"""
ELEVEN = "R003,R018,R024,R025,R028,R030,R035,R036,R038,R048,R058"


def process(rng: random.Random, number: int, *, small: bool) -> dict[str, object]:
    """One compiled release."""
    bidders = rng.sample(range(20_000), 3)
    base = round(rng.lognormvariate(10, 1), 2)
    bids = [
        {
            "id": str(place),
            "status": rng.choices(["valid", "disqualified", "withdrawn"], [85, 10, 5])[0],
            "date": f"2021-03-{rng.randint(1, 28):02d}T10:00:00Z",
            "tenderers": [{"id": f"T-{name}"}],
            "value": {"amount": round(base * (1 + place * rng.random() / 5), 2), "currency": "USD"},
        }
        for place, name in enumerate(bidders)
    ]
    tender: dict[str, object] = {
        "procurementMethod": rng.choice(["open", "selective", "direct"]),
        "numberOfTenderers": rng.randint(1, 4),
        "tenderPeriod": {"startDate": "2021-02-01T00:00:00Z", "endDate": f"2021-02-{rng.randint(5, 28):02d}T00:00:00Z"},
        "procuringEntity": {"id": f"B-{rng.randrange(2000)}"},
    }
    award: dict[str, object] = {"id": "1", "status": "active", "suppliers": [{"id": f"T-{bidders[0]}"}]}
    release = {
        "ocid": f"ocds-generated-{number:09d}",
        "buyer": tender["procuringEntity"],
        "tender": tender,
        "bids": {"details": bids},
        "awards": [award],
    }
    if not small:
        codes = [f"{rng.randrange(10, 60)}{rng.randrange(10**6):06d}" for _ in range(2)]
        items = [{"id": code, "classification": {"scheme": "CPV", "id": code}, "quantity": 3} for code in codes]
        award |= {"items": items, "value": {"amount": base, "currency": "USD"}, "date": "2021-04-01T00:00:00Z"}
        tender |= {"title": "Supply of goods " * 6, "value": {"amount": base, "currency": "USD"}, "items": items}
        names = [f"T-{name}" for name in bidders]
        address = {"streetAddress": "1 Main street", "locality": "Town", "region": "North", "countryName": "Land"}
        release["parties"] = [{"id": name, "name": f"Firm {name} limited", "address": address} for name in names]
    return release


def generate(path: Path, megabytes: float, *, small: bool) -> int:
    """Write processes until the file has its size; the number written."""
    rng, number = random.Random(7), 0
    block = [process(rng, place, small=small) for place in range(2000)]
    with path.open("w", encoding="utf-8") as stream:
        while stream.tell() < megabytes * 1e6:
            for release in block:
                stream.write(json.dumps({**release, "ocid": f"ocds-generated-{number:09d}"}) + "\n")
                number += 1
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=float, default=100)
    parser.add_argument("--flags", default=ELEVEN)
    parser.add_argument("--small", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.jsonl"
        count = generate(path, given.mb, small=given.small)
        command = [sys.executable, "-c", RUN, str(path), given.flags]
        start = time.perf_counter()
        with (Path(folder) / "out.json").open("wb") as out:
            subprocess.run(command, stdout=out, check=True)
        took = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        size = (Path(folder) / "out.json").stat().st_size / 1e6
    print(
        f"{given.mb:.0f} MB, {count} processes: {took:.1f} s, {peak:.0f} MB in the largest process, {size:.0f} MB out"
    )


if __name__ == "__main__":
    main()
