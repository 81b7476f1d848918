"""What one run has left and another reads, through the real programs."""

import gzip
import os
import struct
import subprocess
import unittest

import numpy
import service

LEARNED = service.SHORT + (
    "record: {snapshots: {network.weights: [final], rule.weights: [final], "
    "task.patterns: [final]}}\n")

LOOK = """
name: look
experiment:
  type: dynamics_analysis
  system:
    type: stored_network
    network: {type: rate_rnn, units: 40}
    weights: WEIGHTS
    pattern_count: 4
  analyses:
    - {type: fixed_points, starts: 40}
    - {type: weight_order}
seed: 1
"""

TRAIN = """
name: trained on files
experiment:
  type: supervised_training
  batch: {batch}
  epochs: 2
  updates: 5
  test_batches: 2
  task: {task}
  network: {{type: sublstm, units: 6}}
seed: 1
"""

GO_ON = """
name: gone on from a trained network
experiment:
  type: supervised_training
  batch: 4
  epochs: 1
  updates: {updates}
  test_batches: 2
  task: {{type: n_parity}}
  curriculum: {{type: multi_head, heads: {heads}}}
  network: {{type: leaky_rnn, units: {units}}}
  optimizer: {{type: sgd, rate: {rate}}}
  initial: [{initial}]
seed: 1
record: {{snapshots: {{network.tau: [2, final]}}}}
"""

IMAGES = """{type: mnist, training_images: train-images-idx3-ubyte,
    training_labels: train-labels-idx1-ubyte,
    test_images: few-images-idx3-ubyte, test_labels: few-labels-idx1-ubyte,
    height: 4, width: 3, classes: 3}"""

WORDS = """{type: text_corpus, training: words.train, test: words.train,
    vocabulary: 8, streams: 4, steps: 6}"""


class InputsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.service = service.Service("--workers", "1")
        cls.service.start()
        cls.learned = cls.submit(LEARNED)

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__()

    @classmethod
    def submit(cls, text):
        """An experiment's name, once its runs have ended."""
        done = cls.service.run("submit", "-", "-o", "name", "--wait",
                               stdin=text)
        if not done.stdout.strip():
            raise AssertionError(done.stderr)
        return done.stdout.strip().splitlines()[-1].split("/")[-1]

    def look(self, item, more="", of=None):
        """A run that looks at an item of the learned one."""
        weights = f"{of or self.learned}/0/{item}"
        text = LOOK.replace("WEIGHTS", weights + "".join(
            f"\n    {line}" for line in more.splitlines()))
        return self.submit(text) + "/0"

    def succeeded(self, run):
        found = self.service.json("get", run)
        self.assertEqual(found["state"], "RUN_STATE_SUCCEEDED", found)
        return found

    def check_verified(self, run):
        done = self.service.run("verify", run)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("EQUAL", done.stdout)

    def take(self, run, name):
        """Its tree and inputs, as files; the paths of both."""
        folder = os.path.join(self.service.folder, name)
        tree = self.service.ask("get", run, "--tree", "--inputs", folder)
        return self.service.write(name + ".json", tree), folder

    def once(self, tree, *flags):
        return subprocess.run(
            [f"{service.BIN}/engram-worker", "--once", tree, *flags],
            capture_output=True, text=True, timeout=280)

    def check_once(self, run, name):
        """A worker with no server computes the same from files alone."""
        tree, folder = self.take(run, name)
        done = self.once(tree, "--inputs", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = dict(line.split(": ") for line in done.stdout.splitlines())
        self.assertEqual(lines["result_hash"],
                         self.succeeded(run)["resultHash"])
        return tree, folder

    def experiments(self):
        return self.service.ask("list", "-o", "name").split()

    def test_a_snapshot_is_read_verified_and_carried_in_files(self):
        run = self.look(
            "snapshots/network.weights@final",
            f"patterns: {self.learned}/0/snapshots/task.patterns@final")
        self.succeeded(run)
        self.check_verified(run)
        tree, folder = self.check_once(run, "carried")
        exported = os.path.join(self.service.folder, "learned.npz")
        self.service.ask("export", f"{self.learned}/0", "--to", exported)
        with numpy.load(exported) as learned:
            for array in ("network.weights", "task.patterns"):
                wanted = [learned[n] for n in learned.files if array in n]
                self.assertEqual(len(wanted), 1, learned.files)
                files = [numpy.load(os.path.join(folder, f))
                         for f in sorted(os.listdir(folder))]
                self.assertEqual(len(files), 2)
                self.assertTrue(any(numpy.array_equal(f, wanted[0])
                                    for f in files), array)
        for file in os.listdir(folder):
            os.remove(os.path.join(folder, file))
        done = self.once(tree, "--inputs", folder)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("engram get RUN --tree --inputs", done.stderr)

    def test_an_array_is_taken_out_of_a_whole_state(self):
        snapshot = self.look("snapshots/rule.weights@final")
        state = self.look("state@final", "weights_path: rule.weights")
        self.assertEqual(self.succeeded(state)["resultHash"],
                         self.succeeded(snapshot)["resultHash"])
        self.check_verified(state)
        self.check_once(state, "state")

    def test_a_state_without_the_array_ends_the_run_with_the_nearest(self):
        run = self.service.json("get", self.look("state@final",
                                                 "weights_path: rule.weight"))
        self.assertEqual(run["state"], "RUN_STATE_FAILED", run)
        self.assertEqual(run["error"]["reason"], "INPUT")
        self.assertIn("experiment.system.weights", run["error"]["message"])
        self.assertIn("did you mean rule.weights?", run["error"]["message"])

    def test_an_item_that_is_not_there_is_refused_and_nothing_is_queued(self):
        before = self.experiments()
        for item, reason in (("0/snapshots/network.weigths@final",
                              "did you mean network.weights?"),
                             ("0/state@last", "names no item"),
                             ("7/state@final", "has no run 7")):
            text = LOOK.replace("WEIGHTS", f"{self.learned}/{item}")
            done = self.service.run("submit", "-", stdin=text)
            self.assertNotEqual(done.returncode, 0, item)
            faults = [line for line in done.stderr.splitlines() if line]
            self.assertEqual(len(faults), 1, done.stderr)
            self.assertIn("experiment.system.weights: ", faults[0])
            self.assertIn(reason, faults[0])
        self.assertEqual(self.experiments(), before)

    def test_what_was_read_outlives_the_experiment_that_left_it(self):
        learned = self.submit(LEARNED.replace("seed: 1", "seed: 2"))
        run = self.look("snapshots/network.weights@final", of=learned)
        state = self.look("state@final", "weights_path: rule.weights",
                          of=learned)
        self.service.ask("delete", learned, "--yes")
        self.service.ask("admin", "gc")
        self.assertNotIn(learned, " ".join(self.experiments()))
        for name, reader in (("kept", run), ("kept-state", state)):
            self.check_verified(reader)
            self.check_once(reader, name)
        done = self.service.run("submit", "-", stdin=LOOK.replace(
            "WEIGHTS", f"{learned}/0/state@final"))
        self.assertNotEqual(done.returncode, 0)

    def go_on(self, initial="", updates=1, heads=2, units=8, rate=0):
        return self.submit(GO_ON.format(initial=initial, updates=updates,
                                        heads=heads, units=units,
                                        rate=rate)) + "/0"

    def summary(self, run, name):
        return self.succeeded(run)["summary"][name]["value"]

    def test_training_goes_on_from_what_a_run_has_left(self):
        source = self.go_on(updates=5, rate=0.1)
        taken = f"{{type: stored_parameters, state: {source}/state@final"
        # Trials of the test are the same, and nothing is learned.
        same = self.go_on(taken + "}")
        self.assertEqual(self.summary(same, "loss"),
                         self.summary(source, "loss"))
        self.assertNotEqual(self.summary(self.go_on(), "loss"),
                            self.summary(source, "loss"))
        self.check_verified(same)
        self.check_once(same, "gone-on")
        snapshot = self.go_on(f"{{type: stored_parameters, of: [tau], state: "
                              f"{source}/snapshots/network.tau@2}}")
        heads = self.go_on(taken + ", of: [layers]}", heads=4)
        for run in (snapshot, heads):
            self.check_verified(run)
        before = self.experiments()
        for change in ({"heads": 4}, {"units": 9}):
            done = self.service.run("submit", "-", stdin=GO_ON.format(
                **{"initial": taken + "}", "updates": 1, "heads": 2,
                   "units": 8, "rate": 0, **change}))
            self.assertNotEqual(done.returncode, 0, change)
            self.assertIn("experiment.initial.0.state: network.", done.stderr)
            self.assertIn("and the network takes (", done.stderr)
        self.assertEqual(self.experiments(), before)
        self.service.ask("delete", source.split("/")[0], "--yes")
        self.service.ask("admin", "gc")
        self.check_verified(same)

    def upload(self, name, content):
        path = os.path.join(self.service.folder, name)
        with open(path, "wb") as f:
            f.write(content)
        return self.service.run("datasets", "upload", path, "-o", "json")

    def test_uploaded_images_and_texts_are_trained_on(self):
        for part, count in (("train", 30), ("few", 29)):
            images = struct.pack(">IIII", 0x803, count, 4, 3) + bytes(
                i % 251 for i in range(12 * count))
            labels = struct.pack(">II", 0x801, count) + bytes(
                i % 3 for i in range(count))
            for kind, content in (("images-idx3", images),
                                  ("labels-idx1", labels)):
                # As they come from the web, or unpacked.
                ending = ".gz" if part == "train" else ""
                done = self.upload(
                    f"{part}-{kind}-ubyte{ending}",
                    gzip.compress(content) if ending else content)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("DATASET_FORMAT_IDX", done.stdout)
        done = self.upload("cut-images-idx3-ubyte", images[:-1])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("the dimensions promise 348 bytes; the file has 347",
                      done.stderr)
        done = self.upload("cut-images-idx3-ubyte.gz",
                           gzip.compress(images)[:-9])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("gzip: the file is cut off", done.stderr)
        done = self.upload("words.train.txt.gz", b"\x1f\x8b")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("gunzip ", done.stderr)
        text = "".join(f" a b{i % 5} c\n" for i in range(80)).encode()
        self.assertEqual(self.upload("words.train.txt", text).returncode, 0)
        for task, batch in ((IMAGES, 3), (WORDS, 4)):
            run = self.submit(TRAIN.format(task=task, batch=batch)) + "/0"
            self.succeeded(run)
            self.check_verified(run)
            self.check_once(run, f"trained-{batch}")
        self.check_refused(IMAGES.replace("train-labels", "few-labels"), 3,
                           "experiment.task.training_labels: training_labels "
                           "has 29 labels, and training_images has 30 images")
        self.check_refused(WORDS.replace("vocabulary: 8", "vocabulary: 5"), 4,
                           "experiment.task.training: training has 8 "
                           "different words")

    def check_refused(self, task, batch, message):
        """What the server can see in its files is never queued."""
        before = self.experiments()
        done = self.service.run("submit", "-",
                                stdin=TRAIN.format(task=task, batch=batch))
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(message, done.stderr)
        self.assertEqual(self.experiments(), before)


if __name__ == "__main__":
    service.main()
