"""Compares what the loader accepts and refuses with the truth of a made sample, row by row.

    python truth.py SAMPLE_DIR [--project DIR] [--limit N]

Loads `raw`, then `raw_day2`. Every file's good, broken, superseded and revised rows must be those of `truth/summary.json`, every
refused row equal in (file, line, reason, column) to `truth/dirty.csv`. Exit code 1 on any difference.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from identity import Divisions
from load import DIVISIONS_FILE, Store, load_folder

FOLDERS = ("raw", "raw_day2")
Counts = dict[str, int]
Refused = Counter[tuple[str, int, str, str]]


def load_sample(sample: Path, project: Path) -> tuple[dict[str, Counts], Refused, list[str], set[str]]:
    """Counts by file, refused rows, files left unread and all files, of both folders in their order."""
    divisions, store = Divisions(project / DIVISIONS_FILE), Store()
    counts: dict[str, Counts] = {}
    refused: Refused = Counter()
    unread: list[str] = []
    files: set[str] = set()
    for folder in FOLDERS:
        root = sample / folder
        if not root.is_dir():
            continue
        files |= {f"{folder}/{path.relative_to(root).as_posix()}" for path in root.rglob("*") if path.is_file()}
        store.loads, store.quarantine, store.unread = [], [], []
        load_folder(root, store, divisions, date(2000, 1, 1))
        for row in store.loads:
            mine = counts.setdefault(f"{folder}/{row['object']}", Counter())
            mine.update({name: row[f"rows_{name}"] for name in ("read", "accepted", "quarantined", "superseded", "duplicate", "revised")})
        refused.update((f"{folder}/{row['object']}", row["line"], row["reason"], row["column"]) for row in store.quarantine)
        unread += [f"{folder}/{name}" for name in store.unread]
    return counts, refused, unread, files


def read_truth(sample: Path) -> tuple[dict[str, dict[str, Any]], Refused]:
    """Counts by file and refused rows as planted."""
    summary = json.loads((sample / "truth/summary.json").read_text(encoding="utf-8"))
    with (sample / "truth/dirty.csv").open(encoding="utf-8", newline="") as file:
        refused = Counter((row["file"], int(row["line"]), row["reason"], row["column"]) for row in csv.DictReader(file))
    return {entry["file"]: entry for entry in summary["files"]}, refused


def count_differences(ours: dict[str, Counts], truth: dict[str, dict[str, Any]]) -> list[str]:
    """Files whose counts are not those of the truth, or do not add up."""
    found: list[str] = []
    for name in sorted(set(ours) | set(truth)):
        mine, entry = ours.get(name, Counter()), truth.get(name, {})
        pairs = {
            "good": (mine["accepted"], entry.get("good", 0)),
            "broken": (mine["quarantined"], entry.get("broken", 0)),
            "superseded": (mine["superseded"], entry.get("superseded", 0)),
            "revision": (mine["revised"], entry.get("revision", 0)),
            "read": (mine["read"], sum(mine[part] for part in ("accepted", "quarantined", "superseded", "duplicate"))),
        }
        found += [f"{name}: {what}: ours {left}, truth {right}" for what, (left, right) in pairs.items() if left != right]
    return found


def main() -> int:
    """Command line; 1 on any difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sample", type=Path)
    parser.add_argument("--project", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--limit", type=int, default=40, help="differences printed")
    arguments = parser.parse_args()
    counts, refused, unread, files = load_sample(arguments.sample, arguments.project)
    truth, planted = read_truth(arguments.sample)
    found = [f"left unread: {name}" for name in unread]
    found += [f"{name}: no file" for name in sorted(set(truth) ^ files)]
    found += count_differences(counts, truth)
    found += [f"only ours: {','.join(map(str, row))}" for row in sorted((refused - planted).elements())]
    found += [f"only in the truth: {','.join(map(str, row))}" for row in sorted((planted - refused).elements())]
    for line in found[:arguments.limit]:
        print(line)
    totals: Counter[str] = sum((Counter(entry) for entry in counts.values()), Counter())
    print(f"{len(counts)} files, " + ", ".join(f"{total} {name}" for name, total in sorted(totals.items())), file=sys.stderr)
    print(f"{(refused & planted).total()} refused rows agree, {len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
