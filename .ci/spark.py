"""The report on a Spark cluster of two workers is that on one machine: for 1, 3 and 24 partitions, after the driver
was killed and submitted again, and after a worker was killed. Takes the program; a folder of pages may follow."""

import fcntl
import importlib.util
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark

PROGRAM = sys.argv[1]
HOME = pathlib.Path(pyspark.__file__).parent
SHARED = pathlib.Path(__file__).resolve().parents[2] / "shared"
# For a cluster that is used for minutes: hardly anything is compiled, and workers that are gone are soon missed.
CONF = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.log.level": "WARN",
    "spark.executor.memory": "1g",
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.network.timeout": "60s",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}


def main():
    wake_loopback()
    with tempfile.TemporaryDirectory(prefix="newsdedup-spark-") as folder:
        folder = pathlib.Path(folder)
        script = folder / "newsdedup_spark.py"
        script.write_bytes(subprocess.run([PROGRAM, "spark"], stdout=subprocess.PIPE, check=True).stdout)
        check_rejects(script)
        inputs = pages(folder)
        expected = local(folder, inputs)
        with Cluster(folder) as cluster:
            submit = lambda name, parts, **more: cluster.submit(script, inputs, folder / name, parts, **more)
            submit("three", 3, kill_driver_at="step texts:")
            log = submit("three", 3)
            assert log.count("complete already") >= 4, log
            compare("3 partitions, driver killed and submitted again", expected, folder / "three")
            # As if the file of JSON lines and the pairs were too many for one place.
            submit("one", 1, options=["--whole-file", 100_000, "--pairs-in-one-place", 5])
            compare("1 partition", expected, folder / "one")
            log = submit("many", 24, kill_worker_at="step texts:")
            lost, done = log.find("Lost executor"), log.find("newsdedup: done in")
            assert 0 <= lost < done, f"no worker was lost before the end\n{log}"
            compare("24 partitions, one of two workers killed", expected, folder / "many")


def wake_loopback():
    """In a new network namespace it sleeps."""
    with socket.socket() as any_socket:
        try:
            fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x41))  # SIOCSIFFLAGS, up and running
        except PermissionError:
            pass  # It is that of the machine.


def pages(folder):
    """Pages in all the forms that Spark reads."""
    if len(sys.argv) > 2:
        return sys.argv[2:]
    inputs = ["seeds", str(folder / "made")]
    made = folder / "made"
    made.mkdir()
    seeds = sorted(pathlib.Path("seeds").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in seeds]
    (made / "broken bytes é.txt").write_bytes(texts[0].encode()[:900] + b"\xff\xfe\xc3 " + texts[0].encode()[900:])
    (made / "latin.txt").write_bytes("Der Bürgermeister überreichte die Schlüssel.\n\n".encode("latin-1") * 9)
    (made / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    lines = [json.dumps({"id": str(at), "text": text}).encode() for at, text in enumerate(3 * texts)]
    lines[2] = lines[2].replace(b"the", b"t\xffe")
    (made / "lines.jsonl").write_bytes(b"\n".join([*lines, b"", b"{broken", b'{"name":"no text"}']) + b"\n")
    pq.write_table(pa.table({"id": [f"p{at}" for at in range(len(texts))], "text": texts}), made / "table.parquet")
    for more in (SHARED / "seeds", SHARED / "splitting" / "dev" / "pages"):
        if more.is_dir():
            inputs.append(str(more))
    return inputs


def local(folder, inputs):
    """The report of one machine."""
    report, tables = folder / "local.jsonl", folder / "local"
    for out in ["-o", report], ["--format", "parquet", "-o", tables]:
        done = subprocess.run([PROGRAM, *inputs, "-q", *out])
        assert done.returncode in (0, 3), done
    return read([report]), rows(tables / "occurrences.parquet")


def read(paths):
    found = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            found.setdefault(said.pop("type"), []).append(said)
    return found


def rows(path):
    return sorted(json.dumps(row, sort_keys=True) for row in pq.read_table(path).to_pylist())


def compare(what, expected, output):
    """Field by field; articles in their order, too."""
    (one, table), many = expected, read(sorted((output / "report.jsonl").glob("part-*")))
    # Spark does not list files without a byte.
    empty = one["summary"][0]["pages"] - many["summary"][0]["pages"]
    one = {**one, "summary": [{**one["summary"][0], "pages": one["summary"][0]["pages"] - empty}]}
    assert 0 <= empty <= 2, empty
    for kind in "header", "article", "skipped", "summary":
        here, there = one.get(kind, []), many.get(kind, [])
        for a, b in zip(here, there):
            assert a == b, f"{what}: {kind}\n{json.dumps(a)[:3000]}\n{json.dumps(b)[:3000]}"
        assert len(here) == len(there), f"{what}: {len(here)} and {len(there)} of {kind}"
    assert rows(output / "tables" / "occurrences.parquet") == table, f"{what}: the tables differ"
    told = many["summary"][0]
    print(f"{what}: the same {told['articles']} articles of {told['pages']} pages", flush=True)


def check_rejects(script):
    """A record that makes a filter fail is told from those beside it, and none of these is lost."""
    spec = importlib.util.spec_from_file_location("newsdedup_spark", script)
    driver = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(driver)

    class Fails:
        def run(self, schema, batches):
            for batch in batches:
                if 5 in batch.column("page").to_pylist():
                    raise driver.FilterFailed("exit code -9")
                yield batch

    batch = pa.RecordBatch.from_arrays([pa.array(range(8)), pa.array([b"a"] * 8, pa.binary())], ["page", "name"])
    out = driver.filter_rejecting([batch], Fails(), (["page", "name"], ["bigint", "binary"], "page"))
    told = [(row["page"], row["reject"]) for part in out for row in part.to_pylist()]
    assert told == [(page, "exit code -9" if page == 5 else None) for page in range(8)], told


class Cluster:
    """A master and two workers on loopback."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        self.environment = {
            **os.environ, "SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
            "SPARK_DAEMON_MEMORY": "256m", "SPARK_LOCAL_DIRS": str(folder / "scratch"), "TMPDIR": str(folder),
        }

    def __enter__(self):
        self.start("master", "master.Master", "--host", "127.0.0.1", "--port", "7077", "--webui-port", "0")
        wait_for(self.folder / "master.log", "New state: ALIVE")
        self.workers = [self.start_worker(number) for number in range(2)]
        return self

    def __exit__(self, *_):
        for process in self.processes:
            kill(process)

    def start_worker(self, number):
        worker = self.start(f"worker{number}", "worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory",
                            "1500m", "--webui-port", "0", "--work-dir", self.folder / "work", "spark://127.0.0.1:7077")
        wait_for(self.folder / f"worker{number}.log", "Successfully registered")
        return worker

    def start(self, name, what, *arguments):
        command = [HOME / "bin" / "spark-class", f"org.apache.spark.deploy.{what}", *arguments]
        log = open(self.folder / f"{name}.log", "wb")
        process = subprocess.Popen([str(part) for part in command], env=self.environment, stdout=log,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        self.processes.append(process)
        return process

    def submit(self, script, inputs, output, parts, options=(), kill_driver_at=None, kill_worker_at=None):
        """What the driver said; in mid-run it, or a worker, may be killed."""
        command = [HOME / "bin" / "spark-submit", "--master", "spark://127.0.0.1:7077"]
        for name, value in CONF.items():
            command += ["--conf", f"{name}={value}"]
        command += [script, "--binary", PROGRAM, "--output", output, "--partitions", parts, *options]
        command += ["--input", *inputs]
        log = pathlib.Path(f"{output}.log")
        log.unlink(missing_ok=True)
        with open(log, "wb") as told:
            driver = subprocess.Popen([str(part) for part in command], env=self.environment, stdout=told,
                                      stderr=subprocess.STDOUT, start_new_session=True)
        self.processes.append(driver)
        if kill_driver_at:
            wait_for(log, kill_driver_at)
            kill(driver)
            return log.read_text()
        if kill_worker_at:
            wait_for(log, kill_worker_at)
            kill(self.workers.pop())
        code = driver.wait(timeout=600)
        assert code in (0, 3), f"exit code {code}\n{log.read_text()[-6000:]}"
        return log.read_text()


def kill(process):
    """The process and what it has started, without notice."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def wait_for(log, words, seconds=300):
    end = time.time() + seconds
    while words not in (log.read_text(errors="replace") if log.exists() else ""):
        assert time.time() < end, f"{words!r} is not in {log}\n{log.read_text(errors='replace')[-3000:]}"
        time.sleep(0.1)


if __name__ == "__main__":
    main()
