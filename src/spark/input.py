

# ---- The input

def list_files(run):
    """All files in the order in which newsdedup walks folders: path, name, length, time."""
    found, seen = [], set()
    for root in run.asked.input:
        rows = run.spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(root)
        rows = rows.select("path", "length", F.unix_micros("modificationTime").alias("time")).collect()
        named = [(name_of(root, row.path), row.path, row.length, row.time) for row in rows]
        for name, path, length, changed in sorted(named, key=lambda one: one[0].encode().split(b"/")):
            if path not in seen:
                seen.add(path)
                found.append((path, name, length, changed))
    if not found:
        sys.exit("newsdedup: nothing to read")
    return found


def bare(path):
    """A path without the file system it is on."""
    scheme, colon, rest = path.partition(":")
    if not colon or "/" in scheme:
        return path
    return "/" + rest[2:].partition("/")[2] if rest.startswith("//") else rest


def name_of(root, path):
    """A file's name: the root as given, and what is below it."""
    top = bare(root)
    top = os.path.normpath(top if top.startswith("/") else os.path.abspath(top))
    below = bare(path).removeprefix(top)
    if below == bare(path):
        return bare(path)
    return root.rstrip("/") + below if below else root


def is_lines(name):
    return name.lower().endswith((".jsonl", ".ndjson"))


def contents(run):
    """Files, and lines of large ones, with their numbers."""
    limit = run.asked.whole_file
    numbers = {path: (number << 31, name) for number, (path, name, _, _) in enumerate(run.files)}
    rows = [(path, *numbers[path]) for path, _, length, _ in run.files if length <= limit]
    whole = "number bigint, name string, line bigint, content binary"
    tables = []
    if rows:
        known = F.broadcast(run.spark.createDataFrame(rows, "path string, number bigint, name string"))
        for root in run.asked.input:
            files = run.spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(root)
            files = files.filter(F.col("length") <= limit).select("path", "content").join(known, "path")
            tables.append(files.select("number", F.encode("name", "utf-8").alias("name"),
                                       F.lit(0).cast("bigint").alias("line"), "content"))
    large = [path for path, name, length, _ in run.files if length > limit and is_lines(name)]
    if large:
        tables.append(lines(run, large, numbers, whole.replace("name string", "name binary")))
    table = tables[0] if tables else run.spark.createDataFrame([], whole.replace("name string", "name binary"))
    for more in tables[1:]:
        table = table.unionByName(more)
    return table.dropDuplicates(["number", "line"]) if len(run.asked.input) > 1 else table


def lines(run, paths, numbers, schema):
    """Lines of JSON files, with their numbers: counted in every part of a file, then moved up by those before."""
    text = run.spark.read.option("lineSep", "\n").text(paths)
    place = [F.col("_metadata.file_path").alias("path"), F.col("_metadata.file_block_start").alias("start")]
    counts = text.select(*place).groupBy("path", "start").count().collect()
    numbers = {bare(path): known for path, known in numbers.items()}
    before, sums = {}, {}
    for row in sorted(counts, key=lambda row: (row.path, row.start)):
        before[row.path, row.start] = sums.get(row.path, 0)
        sums[row.path] = sums.get(row.path, 0) + row["count"]

    def number(batches):
        at = {}
        for batch in batches:
            out = []
            columns = [batch.column(name).to_pylist() for name in ("path", "start", "content")]
            for path, start, content in zip(*columns):
                line = at[path, start] = at.get((path, start), before[path, start]) + 1
                if content.strip(b" \t\n\x0c\r"):
                    first, name = numbers[unquote(bare(path))]
                    out.append((first + min(line, PAGES - 1), name.encode(), line, content + b"\n"))
            cells = list(zip(*out)) or [(), (), (), ()]
            kinds = [pa.int64(), pa.binary(), pa.int64(), pa.binary()]
            yield pa.RecordBatch.from_arrays([pa.array(cell, kind) for cell, kind in zip(cells, kinds)],
                                             ["number", "name", "line", "content"])

    return text.select(*place, F.col("value").cast("binary").alias("content")).mapInArrow(number, schema)


def skipped_files(run):
    """Files that are too large to be read."""
    limit = run.asked.whole_file
    reason = f"larger than {limit} bytes, and no lines of JSON (--whole-file)"
    return [(number << 31, name.encode(), reason) for number, (_, name, length, _) in enumerate(run.files)
            if length > limit and not is_lines(name)]
