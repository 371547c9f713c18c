"""Measures newsdedup on the labelled sets and fails if a figure is below its floor.

usage: floors.py FOLDER BINARY      FOLDER holds splitting/check, grouping/check and html/check
"""

import re
import subprocess
import sys

# Labelled pages: the floor of each column of the printed table.
SPLITTING = {
    "ALL": {"start_F1": 0.91, "tiled": 1.0},
    "composite": {"start_F1": 0.975, "block_exact": 0.92, "body_tokF1": 0.985, "tiled": 1.0},
    "adversarial": {"start_F1": 0.97, "tiled": 1.0},
    "single": {"body_tokF1": 0.92, "count_ok": 0.95, "tiled": 1.0},
    "concat": {"tiled": 1.0},
}
# Labelled documents: adjusted Rand index, and precision of the merged pairs.
GROUPING = {
    "extractor_s": {"ARI": 0.97, "P": 0.96},
    "wire_light": {"ARI": 0.995, "P": 0.96},
    "wire_newscopy": {"ARI": 0.955, "P": 0.96},
    "wire_heavy": {"ARI": 0.75, "P": 0.96},
}
# Real pages in HTML: the article's text against the one that people marked.
HTML = {"pages": {"F1": 0.97}}


def measure(check, binary):
    """Runs a check and shows what it prints."""
    printed = subprocess.run([check, binary], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if printed.returncode != 0:
        sys.exit(f"{check} ended with {printed.returncode}\n{printed.stdout}{printed.stderr}")
    print(printed.stdout, flush=True)
    return printed.stdout.splitlines()


def splitting(lines):
    """The table: a line of column names, then a line for each kind of page."""
    columns = next(line.split() for line in lines if "start_F1" in line.split())
    rows = [line.split() for line in lines]
    return {row[0]: dict(zip(columns, map(float, row[1:]))) for row in rows if row and row[0] in SPLITTING}


def grouping(lines):
    """A line for each set, with a name before each figure."""
    found = {}
    for line in lines:
        figures = re.findall(r"(ARI|P|R|F1) ([0-9.]+)", line)
        if figures:
            found[line.split()[0]] = {name: float(figure) for name, figure in figures}
    return found


def html(lines):
    """One line, with a name before each figure."""
    return {line.split()[0]: {"F1": float(re.search(r"F1 ([0-9.]+)", line)[1])} for line in lines if " F1 " in line}


def below(found, floors):
    """What is missing or below its floor, in words."""
    for row, columns in floors.items():
        for column, floor in columns.items():
            figure = found.get(row, {}).get(column)
            if figure is None or figure < floor:
                yield f"{row} {column}: {figure}, must be {floor} or more"


def main():
    folder, binary = sys.argv[1:]
    faults = [
        *below(splitting(measure(f"{folder}/splitting/check", binary)), SPLITTING),
        *below(grouping(measure(f"{folder}/grouping/check", binary)), GROUPING),
        *below(html(measure(f"{folder}/html/check", binary)), HTML),
    ]
    sys.exit("\n".join(["below the floor:", *faults]) if faults else 0)


main()
