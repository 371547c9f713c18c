"""Branches that tests take, by folder of src.

usage: coverage.py COVERAGE.json [FOLDER]      with FOLDER, the places in it of which only one side is taken

A branch of generic code counts as taken if any instance of it takes it. Tests that stand in src do not count.
"""

import collections
import json
import sys

# Every stage of the core must take so many of its branches, in percent.
FLOOR = 90
CORE = ["walk.rs", "read", "split", "normalise", "fingerprint", "group", "report", "archive", "frame", "restore", "verify", "output.rs"]


def tests_begin(path):
    """The first line of a file that is a test."""
    if path.endswith("/tests.rs"):
        return 0
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    return lines.index("mod tests {") + 1 if "mod tests {" in lines else len(lines) + 1


def branches(report):
    """File of src → (line, column) → times that it was so, and that it was not."""
    found = collections.defaultdict(dict)
    for file in report["data"][0]["files"]:
        _, _, name = file["filename"].rpartition("/src/")
        end = tests_begin(file["filename"])
        for line, column, _, _, so, not_so, *_ in file.get("branches", []):
            if line >= end:
                continue
            before = found[name].get((line, column), (0, 0))
            found[name][line, column] = (before[0] + so, before[1] + not_so)
    return found


def main():
    with open(sys.argv[1]) as file:
        found = branches(json.load(file))
    if len(sys.argv) > 2:
        for name in sorted(name for name in found if name.startswith(sys.argv[2].removeprefix("src/"))):
            for (line, column), (so, not_so) in sorted(found[name].items()):
                if not (so and not_so):
                    side = "never reached" if so == not_so else "never so" if not so else "always so"
                    print(f"src/{name}:{line}:{column}: {side}")
        return
    sums = collections.Counter()
    taken = collections.Counter()
    for name, places in found.items():
        for group in {name.split("/")[0], "all"}:
            sums[group] += 2 * len(places)
            taken[group] += sum(bool(so) + bool(not_so) for so, not_so in places.values())
    below = []
    print(f"{'':14} {'branches':>8} {'taken':>6}")
    for group in [*CORE, *sorted(set(sums) - set(CORE) - {"all"}), "all"]:
        share = 100 * taken[group] / sums[group] if sums[group] else 100
        print(f"{group:14} {sums[group]:8} {share:5.1f}%")
        if group in CORE and share < FLOOR:
            below.append(group)
    if below:
        sys.exit(f"below {FLOOR} %: {', '.join(below)}")


main()
