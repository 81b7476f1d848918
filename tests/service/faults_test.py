"""What people get wrong, and what the service answers."""

import os
import shutil
import sqlite3
import subprocess
import unittest

import service

SEVEN_FAULTS = """name: seven faults
experiment:
  type: sequence_learning
  repetitionz: 20
  network: {type: rate_rnn, units: 100, tau: 20 mV}
  task: {type: item_sequence, items: -3}
  rule: {type: hebbian, eta: fast}
  analyses: [{type: recal}]
seed: many
sweep:
  experiment.rule.etaa: [1, 2]
"""


def content(path):
    with open(path, "rb") as f:
        return f.read()


class FaultsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.service = service.Service()
        cls.service.start()

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__()

    def test_seven_faults_give_seven_lines(self):
        path = self.service.write("rules.yaml", SEVEN_FAULTS)
        done = self.service.run("submit", path)
        self.assertEqual(done.returncode, 2)
        lines = [l for l in done.stderr.splitlines() if "rules.yaml:" in l]
        self.assertEqual(len(lines), 7, done.stderr)
        numbers = [int(l.split("rules.yaml:")[1].split(":")[0]) for l in lines]
        self.assertEqual(numbers, [4, 5, 6, 7, 8, 9, 11])
        self.assertIn("repetitions", lines[0])
        self.assertIn("fast", lines[3])
        self.assertIn("recall", lines[4])
        self.assertEqual(self.service.ask("list", "-o", "name").strip(), "")

    def test_unknown_names_get_the_nearest_one(self):
        for words, nearest in (
            (["submit", "flagshp"], "flagship"),
            (["presets", "flagshpi"], "flagship"),
            (["catalog", "hebbiann"], "hebbian"),
            (["submitt", "flagship"], "submit"),
        ):
            done = self.service.run(*words)
            self.assertIn(done.returncode, (2, 3), words)
            self.assertIn(nearest, done.stderr, words)

    def test_an_unknown_run_is_not_found(self):
        done = self.service.run("get", "zzzzzzzzzz/3")
        self.assertEqual(done.returncode, 3)
        self.assertIn("zzzzzzzzzz", done.stderr)

    def test_an_unknown_filter_column_gets_the_nearest_one(self):
        done = self.service.run("list", "--filter", "stat = RUNNING")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("state", done.stderr)

    def test_no_server_says_how_to_start_it(self):
        done = self.service.run(
            "list", environment={"ENGRAM_SERVER": "127.0.0.1:1"})
        self.assertEqual(done.returncode, 5)
        self.assertIn("engramd", done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1)

    def test_tokens_say_what_is_wrong_with_them(self):
        admin = self.service
        admin.ask("admin", "users", "create", "ada")
        viewer = admin.json("admin", "tokens", "create", "ada", "--scope",
                            "viewer")["secret"]
        gone = admin.json("admin", "tokens", "create", "ada", "--scope",
                          "viewer")
        admin.ask("admin", "tokens", "revoke", gone["token"]["name"])
        wrong = "0" * len(viewer)
        for token, word in (("garbage", "token"), (wrong, "token"),
                            (gone["secret"], "revoked")):
            done = admin.run("list", environment={"ENGRAM_TOKEN": token})
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn(word, done.stderr)
        done = admin.run("submit", "flagship",
                         environment={"ENGRAM_TOKEN": viewer})
        self.assertEqual(done.returncode, 4)
        self.assertIn("viewer", done.stderr)
        self.assertIn("submitter", done.stderr)

    def test_a_missing_token_says_how_to_get_one(self):
        empty = os.path.join(self.service.folder, "empty-home")
        os.makedirs(empty, exist_ok=True)
        done = self.service.run("list", environment={"HOME": empty})
        self.assertEqual(done.returncode, 4)
        self.assertIn("token", done.stderr)

    def test_an_open_address_is_refused(self):
        done = subprocess.run(
            [f"{service.BIN}/engramd", "--data",
             self.service.folder + "/open", "--listen", "0.0.0.0:0"],
            env=self.service.environment, capture_output=True, text=True,
            timeout=30)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("TLS", done.stdout + done.stderr)


class DataFolderTest(unittest.TestCase):

    def refused(self, one):
        done = subprocess.run(one.daemon(), env=one.environment, text=True,
                              capture_output=True, timeout=30)
        self.assertNotEqual(done.returncode, 0)
        return done.stdout + done.stderr

    def test_a_second_server_is_refused(self):
        with service.Service() as one:
            self.assertIn(one.data, self.refused(one))
            one.ask("list")

    def test_a_newer_schema_is_refused_and_nothing_touched(self):
        with service.Service() as one:
            self.assertEqual(one.stop(), 0)
            path = os.path.join(one.data, "engram.db")
            with sqlite3.connect(path) as db:
                db.execute("PRAGMA journal_mode=DELETE")
                (version,) = db.execute("PRAGMA user_version").fetchone()
                db.execute(f"PRAGMA user_version={version + 1000}")
            db.close()
            before = content(path)
            self.assertIn("newer", self.refused(one))
            self.assertEqual(content(path), before)

    def test_a_truncated_file_is_refused_and_nothing_touched(self):
        with service.Service() as one:
            one.ask("submit", one.write("short.yaml", service.SHORT), "--wait")
            self.assertEqual(one.stop(), 0)
            path = os.path.join(one.data, "engram.db")
            for suffix in ("-wal", "-shm"):
                shutil.rmtree(path + suffix, ignore_errors=True)
                if os.path.exists(path + suffix):
                    os.remove(path + suffix)
            size = os.path.getsize(path)
            os.truncate(path, size // 2)
            before = content(path)
            self.refused(one)
            self.assertEqual(content(path), before)


if __name__ == "__main__":
    service.main()
