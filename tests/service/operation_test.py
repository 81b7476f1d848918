"""What the person who runs the service relies on: metrics, health, backup,
restore, check, the low-water mark, a lost token, a quick start."""

import os
import re
import socket
import sqlite3
import subprocess
import threading
import time
import unittest
import urllib.error
import urllib.request

import service

# Runs of a fraction of a second, several of them.
SWEEP = service.SHORT.replace("seed: 1\n", "sweep: {seed: 1..6}\n")


class HttpService(service.Service):
    """A service with an HTTP address."""

    def daemon(self, *flags):
        command = super().daemon(*flags)
        command[command.index("--http-listen") + 1] = self.http_listen
        return command

    def __init__(self, *flags):
        super().__init__(*flags)
        self.http_listen = "127.0.0.1:0"

    def start(self):
        super().start()
        self.http = re.findall(r"http://127\.0\.0\.1:[1-9]\d*", self.log())[-1]

    def token(self):
        with open(os.path.join(self.folder, ".config/engram/client.yaml"),
                  encoding="utf-8") as f:
            return re.search(r"token: (\S+)", f.read()).group(1)

    def get(self, path, token=None):
        """Status and body of a GET."""
        request = urllib.request.Request(self.http + path)
        if token:
            request.add_header("Authorization", "Bearer " + token)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def offline(*arguments):
    """An engramd command on a data folder that no server uses."""
    return subprocess.run([f"{service.BIN}/engramd", *arguments], text=True,
                          capture_output=True, timeout=120)


def metric(page, name):
    return float(re.search(rf"^{re.escape(name)} (\S+)$", page, re.M).group(1))


class MetricsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.service = HttpService("--workers", "1")
        cls.service.start()

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__()

    def test_the_page_passes_promtool_and_counts_what_happened(self):
        one = self.service
        one.ask("submit", "-", "--wait", stdin=service.SHORT)
        viewer = one.ask("admin", "users", "create", "prometheus") and one.json(
            "admin", "tokens", "create", "prometheus", "--scope",
            "viewer")["secret"]
        status, page = one.get("/metrics", viewer)
        self.assertEqual(status, 200)
        checked = subprocess.run(["promtool", "check", "metrics"], input=page,
                                 text=True, capture_output=True)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
        self.assertEqual(metric(page, "engram_workers"), 1)
        self.assertEqual(metric(page, 'engram_runs{state="running"}'), 0)
        self.assertGreaterEqual(
            metric(page, 'engram_attempts_ended_total{cause="succeeded"}'), 1)
        self.assertGreater(
            metric(page, "engram_store_commit_duration_seconds_count"), 3)
        self.assertGreater(metric(page, "engram_disk_free_bytes"), 0)
        self.assertGreater(metric(page, "process_resident_memory_bytes"), 1e6)
        self.assertNotIn(viewer, page)

    def test_without_a_token_there_is_no_page(self):
        status, body = self.service.get("/metrics")
        self.assertEqual(status, 401)
        self.assertIn("token", body)
        self.assertEqual(self.service.get("/metrics", "engram_" + "0" * 64)[0],
                         401)
        status, page = self.service.get("/metrics", self.service.token())
        self.assertGreaterEqual(
            metric(page, "engram_authentication_failures_total"), 2)


class HealthTest(unittest.TestCase):

    def watch(self, address, service_name):
        """`curl` on the gRPC health service's Watch, by hand in HTTP/2."""
        name = service_name.encode()
        message = b"\x0a" + bytes([len(name)]) + name if name else b""
        frame = b"\0" + len(message).to_bytes(4, "big") + message
        watching = subprocess.Popen(
            ["curl", "-sN", "--http2-prior-knowledge", "--max-time", "60",
             "-H", "content-type: application/grpc", "-H", "te: trailers",
             "--data-binary", "@-",
             f"http://{address}/grpc.health.v1.Health/Watch"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        watching.stdin.write(frame)
        watching.stdin.close()
        return watching

    def test_health_flips_before_connections_are_refused(self):
        one = HttpService("--workers", "1")
        with one:
            watchers = [self.watch(one.address, name)
                        for name in ("", "engram.v1.Runs")]
            for watching in watchers:
                self.assertEqual(watching.stdout.read(7)[-1], 1, "SERVING")
            self.assertEqual(one.get("/healthz"), (200, "ok\n"))
            one.ask("submit", "-", stdin=service.LONG)
            # The run takes the processor: a client may have to ask again.
            service.wait_until(
                lambda: '"runningRuns": "1"' in one.run(
                    "admin", "status", "-o", "json").stdout,
                "a run is at work")
            seen = []

            def look():
                while True:
                    try:
                        seen.append(one.get("/healthz")[0])
                    except OSError:
                        seen.append("refused")
                        return

            looking = threading.Thread(target=look)
            looking.start()
            self.assertEqual(one.stop(), 0)
            looking.join()
            self.assertIn(503, seen)
            self.assertEqual(seen[-1], "refused")
            self.assertLess(seen.index(503), seen.index("refused"))
            for watching in watchers:
                self.assertEqual(watching.stdout.read(7)[-1], 2, "NOT_SERVING")
                watching.stdout.close()
                watching.wait()
            with self.assertRaises(OSError):
                host, port = one.address.split(":")
                socket.create_connection((host, int(port)), timeout=5)

    def test_the_service_manager_is_told(self):
        one = service.Service("--workers", "1")
        path = os.path.join(one.folder, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(30)
            one.environment["NOTIFY_SOCKET"] = path
            with one:
                self.assertIn(b"READY=1", manager.recv(4096))
                self.assertEqual(one.stop(), 0)
                self.assertIn(b"STOPPING=1", manager.recv(4096))


class BackupTest(unittest.TestCase):

    def records(self, one, experiment):
        """Everything about the runs of an experiment that have ended."""
        found = {}
        for run in one.json("list", experiment)["runs"]:
            if run["state"] != "RUN_STATE_SUCCEEDED":
                continue
            name = run["name"].split("/", 1)[1].replace("/runs/", "/")
            found[name] = (one.json("get", name),
                           one.ask("metrics", name, "-o", "csv"))
        return found

    def restored(self, backup, token):
        """A service on what was restored from the backup."""
        other = service.Service("--workers", "1")
        done = offline("restore", backup, "--data", other.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        other.environment["ENGRAM_TOKEN"] = token
        return other

    def test_a_backup_under_load_is_restored_whole(self):
        with HttpService("--workers", "2") as one:
            experiment = one.ask("submit", "-", "-o", "name",
                                 stdin=SWEEP).strip().split("/")[-1]
            one.ask("watch", experiment)
            before = self.records(one, experiment)
            self.assertEqual(len(before), 6)
            busy = one.ask("submit", "-", "-o", "name", stdin=SWEEP.replace(
                "1..6", "1..60")).strip().split("/")[-1]
            folder = os.path.join(one.folder, "backup")
            made = one.json("admin", "backup", folder)
            self.assertEqual(made["folder"], folder)
            sums = subprocess.run(["sha256sum", "-c", "manifest.txt"],
                                  cwd=folder, capture_output=True, text=True)
            self.assertEqual(sums.returncode, 0, sums.stderr)
            token = one.token()
            with self.restored(folder, token) as other:
                self.assertEqual(self.records(other, experiment), before)
                done = other.run("admin", "check", "--deep")
                self.assertEqual(done.returncode, 0, done.stdout)
                other.ask("watch", busy)
                self.assertEqual(
                    other.json("get", busy)["stateCounts"], {"SUCCEEDED": "60"})

    def test_an_altered_backup_is_refused_and_leaves_nothing(self):
        with service.Service("--workers", "1") as one:
            one.ask("submit", "-", "--wait", stdin=service.SHORT)
            folder = one.json("admin", "backup")["folder"]
            target = os.path.join(one.folder, "restored")
            for root, _, names in os.walk(folder):
                for name in names:
                    path = os.path.join(root, name)
                    with open(path, "rb") as f:
                        content = f.read()
                    with open(path, "r+b") as f:
                        f.seek(len(content) // 2)
                        f.write(bytes([content[len(content) // 2] ^ 1]))
                    done = offline("restore", folder, "--data", target)
                    self.assertEqual(done.returncode, 1, path)
                    self.assertIn(name, done.stderr)
                    self.assertIn("altered", done.stderr)
                    self.assertFalse(os.path.exists(target))
                    with open(path, "wb") as f:
                        f.write(content)
            self.assertEqual(
                offline("restore", folder, "--data", target).returncode, 0)
            again = offline("restore", folder, "--data", target)
            self.assertEqual(again.returncode, 1)
            self.assertIn("not empty", again.stderr)

    def test_backups_are_made_by_themselves(self):
        with service.Service("--workers", "1", "--backup-every", "1 s",
                             "--backup-keep", "2") as one:
            periodic = os.path.join(one.data, "backup", "periodic")

            def complete():
                return sorted(
                    name for name in (os.listdir(periodic)
                                      if os.path.isdir(periodic) else [])
                    if os.path.exists(f"{periodic}/{name}/manifest.txt"))

            first = service.wait_until(complete, "a backup was made")[0]
            service.wait_until(lambda: complete() and first not in complete(),
                               "the oldest one has gone")
            self.assertLessEqual(len(complete()), 3)
            self.assertIn("lastBackupTime", one.json("admin", "status"))


class CheckTest(unittest.TestCase):

    def test_a_missing_chunk_and_a_damaged_page_are_found(self):
        with service.Service("--workers", "1") as one:
            one.ask("submit", "-", "--wait", stdin=service.SHORT +
                    "record: {snapshots: {rule.weights: [final]}}\n")
            done = one.run("admin", "check", "--deep")
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertEqual(one.stop(), 0)
            with sqlite3.connect(os.path.join(one.data, "blobs.db")) as db:
                db.execute("DELETE FROM chunk WHERE key ="
                           " (SELECT min(key) FROM chunk)")
            db.close()
            one.start()
            done = one.run("admin", "check")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("not in blobs.db", done.stdout)
            self.assertIn("The databases are whole", done.stdout)
            self.assertEqual(one.stop(), 0)
            # A page that only a reader of the series comes to.
            path = os.path.join(one.data, "engram.db")
            with sqlite3.connect(path) as db:
                page, = db.execute("SELECT rootpage FROM sqlite_schema"
                                   " WHERE name = 'series_chunk'").fetchone()
            db.close()
            with open(path, "r+b") as f:
                f.seek((page - 1) * 4096)
                f.write(b"\x5a" * 4096)
            one.start()
            done = one.run("admin", "check", "--deep")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("engramd restore", done.stdout)


class DiskTest(unittest.TestCase):

    def test_below_the_mark_no_run_is_taken_and_it_shows(self):
        with HttpService("--workers", "1", "--disk-low-water", "900 TB") as one:
            done = one.run("submit", "-", stdin=service.SHORT)
            self.assertEqual(done.returncode, 7, done.stderr)
            self.assertIn("disk is nearly full", done.stderr)
            self.assertIn("engram admin gc", done.stderr)
            page = service.wait_until(
                lambda: (p := one.get("/metrics", one.token())[1]) and
                metric(p, "engram_disk_low") == 1 and p, "the page says so")
            self.assertEqual(metric(page, "engram_disk_low_water_bytes"), 9e14)
            self.assertTrue(one.json("admin", "status")["diskLow"])
            self.assertIn("nearly full", one.ask("admin", "status"))
            # Everything else goes on.
            one.ask("admin", "users", "create", "ada")
            self.assertEqual(one.stop(), 0)
            one.flags = ["--workers", "1"]
            one.start()
            one.ask("submit", "-", "--wait", stdin=service.SHORT)


class LostTokenTest(unittest.TestCase):

    def test_who_owns_the_folder_gets_a_new_token(self):
        with service.Service("--workers", "1") as one:
            refused = offline("new-admin-token", "--data", one.data)
            self.assertEqual(refused.returncode, 1)
            self.assertIn("stop that one first", refused.stderr)
            self.assertEqual(one.stop(), 0)
            os.remove(os.path.join(one.folder, ".config/engram/client.yaml"))
            made = offline("new-admin-token", "ada", "--data", one.data)
            self.assertEqual(made.returncode, 0, made.stderr)
            self.assertRegex(made.stdout, r"^engram_[0-9a-f]{64}\n$")
            self.assertNotIn(made.stdout.strip(), made.stderr)
            one.environment["ENGRAM_TOKEN"] = made.stdout.strip()
            one.start()
            tokens = one.json("admin", "tokens", "list")["tokens"]
            self.assertEqual(tokens[-1]["user"], "users/ada")

    def test_a_folder_without_a_service_is_left_alone(self):
        with service.Service() as one:
            empty = os.path.join(one.folder, "empty")
            os.makedirs(empty)
            done = offline("new-admin-token", "--data", empty)
            self.assertEqual(done.returncode, 1)
            self.assertIn("--data", done.stderr)
            self.assertEqual(os.listdir(empty), [])


class StartTest(unittest.TestCase):

    def test_an_idle_server_is_small_and_starts_with_little_work(self):
        one = HttpService("--workers", "2")
        one.http_listen = f"127.0.0.1:{free_port()}"
        one.address = f"127.0.0.1:{free_port()}"
        one.http = "http://" + one.http_listen
        with open(os.path.join(one.folder, "engramd.log"), "ab") as log:
            one.process = subprocess.Popen(
                one.daemon(*one.flags), env=one.environment, stdout=log,
                stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            def healthy():
                try:
                    return one.get("/healthz")[0] == 200
                except OSError:
                    return False

            service.wait_until(healthy, "it is healthy")
            service.wait_until(lambda: len(one.workers()) == 2, "workers")
            with open(f"/proc/{one.process.pid}/status") as f:
                kib = int(re.search(r"VmRSS:\s+(\d+) kB", f.read()).group(1))
            with open(f"/proc/{one.process.pid}/stat") as f:
                ticks = f.read().rsplit(")", 1)[1].split()[11:13]
            cpu_s = sum(int(t) for t in ticks) / os.sysconf("SC_CLK_TCK")
            print(f"{cpu_s:.2f} cpu-seconds, {kib / 1024:.0f} MiB")
            # A sanitizer's own books take several times what they watch.
            self.assertLess(kib * 1024, 500e6 if service.is_sanitized() else 64e6)
            self.assertLess(cpu_s, 5 if service.is_sanitized() else 0.8)
        finally:
            one.__exit__()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


if __name__ == "__main__":
    service.main()
