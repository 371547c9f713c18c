#!/usr/bin/env python3
"""The report of newsdedup, made on an Apache Spark cluster.

    newsdedup spark > newsdedup_spark.py
    spark-submit newsdedup_spark.py --binary ./newsdedup --input hdfs:///news --output hdfs:///report

Spark sorts, joins and survives; every decision about text is made by the program itself, which runs on the workers as
a filter (`newsdedup stage NAME`), so that articles, occurrences, matches and similarities are those of a run on one
machine. Every step is written to OUTPUT/steps as Parquet before the next one begins: a worker that is lost costs its
part of one step, and a script that is submitted again goes on behind the last complete step, as long as the input,
the options and the program are the same.

OUTPUT/report.jsonl    the report; its parts, one after the other, are the lines of one on one machine
OUTPUT/tables          articles, occurrences, excerpts, skipped: the tables of `newsdedup --format parquet`
OUTPUT/rejects         pages that made the program fail, with the reason; the report lists them as skipped

Only DataFrames are used, so that the script runs over Spark Connect as well. Needs PySpark 4.0 or later and PyArrow.
"""

import argparse
import array
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import unquote

import pyarrow as pa
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

PAGES = 1 << 31  # pages of a file that have numbers of their own
FOREST = 4_000_000  # pairs that are connected in one place
ROWS = {"pages": 256, "rows": 16384}  # rows of an Arrow batch
REFUSED = ["--include", "--exclude", "--hidden", "--follow", "--files-from", "--threads", "--memory"]


def main():
    asked, options = arguments()
    started = time.time()
    spark = SparkSession.builder.appName("newsdedup").getOrCreate()
    run = Run(spark, asked, options)
    summary = report(run)
    say(f"done in {time.time() - started:.0f} s: {json.dumps(summary)}")
    spark.stop()
    sys.exit(3 if summary["skipped"] else 0)


def arguments():
    parser = argparse.ArgumentParser(
        description="The report of newsdedup, made on an Apache Spark cluster.",
        epilog="Further options are those of newsdedup that change the result: --keep, --prefer, --near, --threshold, "
        "--split, --encoding, --max-page-size, --input-format, --text-field, --id-field, --meta-field. Which files "
        "are read is for Spark to say: names that begin with '.' or '_' are not.",
    )
    parser.add_argument("--input", nargs="+", required=True, help="files and folders on any file system of Spark's")
    parser.add_argument("--output", required=True, help="a folder that all workers can write to")
    parser.add_argument("--binary", default="newsdedup", help="the program, as the workers are to run it")
    parser.add_argument("--partitions", type=int, default=0, help="parts of every step [default: 3 a core]")
    parser.add_argument("--whole-file", type=int, default=256 << 20, metavar="BYTES",
                        help="larger files of JSON lines are read line by line; no other file may be larger "
                        "[default: 256 MiB; Spark's limit is 2 GiB]")
    parser.add_argument("--filter-memory", type=int, default=0, metavar="BYTES",
                        help="address space of one filter; a page that needs more is rejected [default: no limit]")
    parser.add_argument("--pairs-in-one-place", type=int, default=FOREST, metavar="N", help="more pairs of texts than "
                        f"that are connected by all workers, in several rounds [default: {FOREST}]")
    asked, options = parser.parse_known_args()
    refused = [option for option in options if option.split("=")[0] in REFUSED or not options[0].startswith("-")]
    if refused:
        parser.error(f"not here: {' '.join(refused)}")
    return asked, options


def say(text):
    print(f"newsdedup: {text}", file=sys.stderr, flush=True)


class Run:
    """A session, what was asked for, and the steps that are complete."""

    def __init__(self, spark, asked, options):
        self.spark, self.asked, self.options = spark, asked, options
        self.output = asked.output.rstrip("/")
        self.header = output_of(asked.binary, "header", *options)
        told = json.loads(output_of(asked.binary, "schemas"))
        self.tables, self.sizes = told.pop("tables"), told
        with open(which(asked.binary), "rb") as file:
            program = hashlib.sha256(file.read()).hexdigest()
        self.program = f"newsdedup-{program[:16]}"
        self.folder = tempfile.mkdtemp(prefix="newsdedup-")
        self.ship(self.program, open(which(asked.binary), "rb").read())
        self.parts = asked.partitions or 3 * cores(spark)
        for name, value in {
            "spark.sql.shuffle.partitions": self.parts,
            "spark.sql.files.minPartitionNum": self.parts,
            "spark.sql.files.openCostInBytes": 1 << 16,
            "spark.sql.execution.arrow.useLargeVarTypes": "false",
            "spark.sql.parquet.compression.codec": "zstd",
        }.items():
            spark.conf.set(name, str(value))
        self.files = list_files(self)
        listing = json.dumps([self.files, options, program, asked.whole_file, asked.filter_memory])
        self.mark = hashlib.sha256(listing.encode()).hexdigest()
        self.done = self.marked()

    def ship(self, name, content):
        """Gives every worker a file."""
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, 0o755)
        self.spark.addArtifacts(path, file=True)
        return name

    def step(self, name, make):
        """The table of a step; it is made unless it is there already, from the same input and with the same options."""
        path = f"{self.output}/steps/{name}"
        if name in self.done:
            say(f"step {name}: complete already")
            return self.spark.read.parquet(path)
        begun = time.time()
        make().write.mode("overwrite").parquet(path)
        mark = self.spark.range(1).select(F.lit(f"{name} {self.mark}")).coalesce(1)
        mark.write.mode("overwrite").text(f"{self.output}/steps/done/{name}")
        say(f"step {name}: {time.time() - begun:.1f} s")
        return self.spark.read.parquet(path)

    def marked(self):
        """The steps that are complete."""
        try:
            rows = self.spark.read.text(f"{self.output}/steps/done/*").collect()
        except Exception as error:  # Spark and Spark Connect have classes of their own for it.
            if "PATH_NOT_FOUND" in str(error):
                return set()
            raise
        told = [row.value.split(" ") for row in rows]
        return {name for name, mark in told if mark == self.mark}

    def filter(self, rows, name, *told, reject=None, files=()):
        """What a stage makes of a table. With `reject`, records that it cannot take go out with a reason."""
        self.spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(ROWS["pages" if reject else "rows"]))
        schema = self.tables[name] + (", `reject` string" if reject else "")
        arguments = [*map(str, told), *self.options, "--threads", "1"]
        program, memory = self.program, self.asked.filter_memory
        run_stage = filter_rejecting if reject else filter_all

        def make(batches):
            return run_stage(batches, Filter(program, name, arguments, files, memory), reject)

        return rows.mapInArrow(make, schema)

    def sorted(self, rows, by, *then):
        return rows.repartition(self.parts, by).sortWithinPartitions(by, *then)

    def file(self, name, rows):
        """A file that a stage gave in pieces, on every worker."""
        pieces = sorted((row["at"], bytes(row["bytes"])) for row in rows.collect())
        return self.ship(f"{name}-{self.mark[:16]}", b"".join(piece for _, piece in pieces))


def cores(spark):
    try:
        return spark.sparkContext.defaultParallelism
    except Exception:  # Over Spark Connect there is no context.
        return 8


def which(binary):
    import shutil

    found = shutil.which(binary)
    if not found:
        sys.exit(f"newsdedup: no program '{binary}'; give --binary")
    return found


def output_of(binary, *arguments):
    done = subprocess.run([which(binary), "stage", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.decode()
