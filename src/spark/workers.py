

# ---- On the workers

class Filter:
    """A stage that can be started with a table."""

    def __init__(self, program, name, arguments, files, memory):
        from pyspark import SparkFiles

        program = SparkFiles.get(program)
        if not os.access(program, os.X_OK):
            os.chmod(program, 0o755)
        self.command = [program, "stage", name, *arguments]
        for option, file in files:
            self.command += [option, SparkFiles.get(file)]
        if memory:
            self.command = ["sh", "-c", f'ulimit -v {memory >> 10}; exec "$@"', "sh", *self.command]

    def run(self, schema, batches):
        """What comes out, batch by batch, while another thread writes what goes in."""
        with tempfile.TemporaryFile() as told:
            process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told)
            failed = []

            def feed():
                try:
                    with process.stdin, pa.ipc.new_stream(process.stdin, schema) as writer:
                        for batch in batches:
                            writer.write_batch(batch)
                except BrokenPipeError:
                    pass  # Its exit code says why.
                except BaseException as error:
                    failed.append(error)
                    process.kill()

            feeder = threading.Thread(target=feed, daemon=True)
            feeder.start()
            try:
                try:
                    yield from pa.ipc.open_stream(process.stdout)
                except pa.ArrowInvalid as error:
                    failed.append(error)
                process.stdout.read()
                code = process.wait()
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
                process.stdout.close()
                feeder.join()
            if code:
                told.seek(0)
                words = told.read().decode("utf-8", "replace").strip().splitlines()
                raise FilterFailed(": ".join([f"exit code {code}", *words[:2]]))
            if failed:
                raise failed[0]


class FilterFailed(Exception):
    """A filter ended early; the message says how."""


def filter_all(batches, stage, _):
    """All of a partition through one filter."""
    import itertools

    first = next(batches, None)
    if first is not None:
        yield from stage.run(first.schema, itertools.chain([first], batches))


def filter_rejecting(batches, stage, reject):
    """A filter for every batch. Where it fails the batch is halved, down to the record that makes it fail."""
    for batch in batches:
        yield from halve(batch, stage, reject)


def halve(batch, stage, reject):
    try:
        done = list(stage.run(batch.schema, [batch]))
    except FilterFailed as failed:
        if batch.num_rows > 1:
            half = batch.num_rows // 2
            yield from halve(batch.slice(0, half), stage, reject)
            yield from halve(batch.slice(half), stage, reject)
        else:
            yield rejected(batch, reject, str(failed))
        return
    for batch in done:
        nothing = pa.nulls(batch.num_rows, pa.string())
        yield pa.RecordBatch.from_arrays([*batch.columns, nothing], [*batch.schema.names, "reject"])


def rejected(batch, reject, reason):
    """A row that has nothing but the page, its name, and why it was rejected."""
    names, kinds, page = reject
    known = {"page": batch.column(page), "name": batch.column("name"), "reject": pa.array([reason])}
    types = {"bigint": pa.int64(), "double": pa.float64(), "binary": pa.binary(), "string": pa.string()}
    columns = [known.get(name, pa.nulls(1, types[kind])) for name, kind in zip(names, kinds)]
    return pa.RecordBatch.from_arrays([*columns, known["reject"]], [*names, "reject"])
