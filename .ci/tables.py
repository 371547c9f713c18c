"""Whether DuckDB, Polars, pandas and pyarrow open the tables of a report and count what its JSON says."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.parquet

NUMBERS = ["start", "end", "first_line", "last_line"]


def counts(rows):
    """What is compared: rows, matches, pages, and the sums of all numbers."""
    matches = {match: sum(row["match"] == match for row in rows) for match in ("kept", "exact", "near")}
    sums = {name: sum(int(row[name]) for row in rows) for name in NUMBERS}
    similarity = round(sum(float(row["similarity"]) for row in rows), 6)
    return len(rows), matches, len({row["page"] for row in rows}), sums, similarity


def of_report(report):
    return counts([occurrence for article in report["articles"] for occurrence in article["occurrences"]])


def records(relation):
    return [dict(zip(relation.columns, row)) for row in relation.fetchall()]


def readers(path):
    """Every way to read a table."""
    yield "DuckDB", records(duckdb.sql(f"from '{path}'"))
    if path.suffix == ".csv":
        yield "Polars", polars.read_csv(path).to_dicts()
        yield "pandas", pandas.read_csv(path).to_dict("records")
    else:
        yield "Polars", polars.read_parquet(path).to_dicts()
        yield "pandas", pandas.read_parquet(path).to_dict("records")
        yield "pyarrow", pyarrow.parquet.read_table(path).to_pylist()


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)

        def run(*args):
            subprocess.run([program, "seeds", "-q", "--quotes", "--spans", *args], check=True)

        run("-o", folder / "report.json")
        report = json.loads((folder / "report.json").read_text())
        expected = of_report(report)
        run("-o", folder / "report.csv")
        run("-o", folder / "report.parquet")
        run("-o", folder / "tables", "--format", "parquet")
        for name in ("report.csv", "report.parquet", "tables/occurrences.parquet"):
            for reader, rows in readers(folder / name):
                assert counts(rows) == expected, (reader, name, counts(rows), expected)
        lists = {
            "articles": len(report["articles"]),
            "quotes": sum(len(quote["in"]) for quote in report["quotes"]),
            "pages": len(report["pages"]),
            "spans": sum(len(page["spans"]) for page in report["pages"]),
            "excerpts": sum(len(article.get("excerpt_of", [])) for article in report["articles"]),
            "skipped": len(report["skipped"]),
        }
        for name, count in lists.items():
            for reader, rows in readers(folder / "tables" / f"{name}.parquet"):
                assert len(rows) == count, (reader, name, len(rows), count)
        for reader, rows in readers(folder / "tables" / "articles.parquet"):
            told = [(article["headline"], article["body"], article["captions"]) for article in report["articles"]]
            assert [(row["headline"], row["body"], list(row["captions"])) for row in rows] == told, reader
    print("DuckDB, Polars, pandas and pyarrow count what the JSON says:", expected[:2])


main(sys.argv[1])
