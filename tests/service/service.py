"""A real server, its workers and the command-line client on a temporary folder.

    python3 tests/service/lifecycle_test.py BIN_FOLDER

BIN_FOLDER holds engramd, engram-worker and engram. Nothing outside the
temporary folder is read or written, and the server takes a free port.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

# What the tests are called with; set before a test module reads it.
BIN = os.path.abspath(
    sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-")
    else os.environ.get("ENGRAM_BIN", "build/release/bin"))


def wait_until(condition, what, timeout_s=30.0):
    """Polls `condition` until it is true; fails with `what` after timeout_s."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"not within {timeout_s} s: {what}")


def command_of(pid):
    """The words that a process was started with; none when it is gone."""
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as f:
            return f.read().split("\0")
    except OSError:
        return []


def is_sanitized():
    """Whether the programs keep a sanitizer's books beside their own memory."""
    with open(f"{BIN}/engramd", "rb") as f:
        return b"__asan_init" in f.read()


def units(number):
    """How many units a network has that takes as long under a sanitizer, where
    every weight costs ten times as much, as one of so many without."""
    return max(40, number // 3) if is_sanitized() else number


def is_alive(pid):
    """Whether a process runs; a zombie does not."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Service:
    """One engramd with its data folder; a context manager."""

    def __init__(self, *flags):
        self.folder = tempfile.mkdtemp(prefix="engram-test-")
        self.data = os.path.join(self.folder, "data")
        self.flags = list(flags)
        self.process = None
        self.address = None
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.folder,
            "LANG": "C.UTF-8",
            "COLUMNS": "100",
        }
        for name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",
                     "TSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def daemon(self, *flags):
        usual = {"--data": self.data, "--http-listen": "",
                 "--listen": self.address or "127.0.0.1:0"}
        words = [word for flag, value in usual.items() if flag not in flags
                 for word in (flag, value)]
        return [f"{BIN}/engramd", *words, *flags]

    def start(self):
        self.log_path = os.path.join(self.folder, "engramd.log")
        with open(self.log_path, "ab") as log:
            start = log.tell()
            self.process = subprocess.Popen(
                self.daemon(*self.flags), env=self.environment, stdout=log,
                stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)

        def listening():
            if self.process.poll() is not None:
                raise AssertionError("engramd ended: " + self.log()[-2000:])
            found = re.findall(r"127\.0\.0\.1:[1-9]\d*", self.log()[start:])
            return found[0] if found else None

        self.address = wait_until(listening, "engramd listens")
        self.environment["ENGRAM_SERVER"] = self.address
        wait_until(lambda: self.run("admin", "status").returncode == 0,
                   "engramd answers")

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def stop(self):
        """SIGTERM; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)

    def kill_server(self):
        """SIGKILL of the server alone: helper and workers go on."""
        self.process.kill()
        self.process.wait()

    def kill(self):
        """SIGKILL of the server and whatever it started."""
        if self.process is None:
            return
        self.kill_server()
        # Workers end with their helper.
        pids = self.helpers() + self.workers()
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        wait_until(lambda: not any(is_alive(p) for p in pids), "all are gone")

    def run(self, *arguments, stdin=None, environment=None):
        """The client; does not fail on its exit status."""
        return subprocess.run(
            [f"{BIN}/engram", *arguments], input=stdin, text=True, timeout=280,
            capture_output=True, cwd=self.folder,
            env={**self.environment, **(environment or {})})

    def ask(self, *arguments, stdin=None):
        """The client's standard output; fails unless it ends with 0."""
        done = self.run(*arguments, stdin=stdin)
        if done.returncode != 0:
            raise AssertionError(
                f"engram {' '.join(arguments)} ended with {done.returncode}: "
                f"{done.stdout}{done.stderr}")
        return done.stdout

    def json(self, *arguments, stdin=None):
        return json.loads(self.ask(*arguments, "-o", "json", stdin=stdin))

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def started(self, is_helper):
        socket = os.path.join(self.data, "run", "workers.sock")
        found = []
        for name in os.listdir("/proc"):
            if not name.isdigit() or not is_alive(int(name)):
                continue
            words = command_of(name)
            if f"unix:{socket}" in words and ("--pool" in words) == is_helper:
                found.append(int(name))
        return found

    def helpers(self):
        """Process ids of helpers that live; one at most, but for a moment."""
        return self.started(is_helper=True)

    def workers(self):
        """Process ids of worker processes that live, without the helper."""
        return self.started(is_helper=False)


# A run of about half a second, and one that lasts until it is stopped.
SHORT = """
name: short
experiment:
  type: sequence_learning
  repetitions: 3
  network: {type: rate_rnn, units: 40}
  task: {type: item_sequence, items: 4, units_per_item: 10}
  rule: {type: stdp_rate, a_minus: 0.5}
  analyses: [{type: weight_structure}, {type: recall}]
seed: 1
"""
LONG = SHORT.replace("repetitions: 3", "repetitions: 10000").replace(
    "name: short", "name: long").replace("units: 40", "units: 400")


def main():
    unittest.main(verbosity=2)
