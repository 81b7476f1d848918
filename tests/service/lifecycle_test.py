"""A run's life through the real programs: submit, watch, cancel, die, repeat."""

import csv
import io
import os
import signal
import unittest

import numpy
import service


class LifecycleTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.service = service.Service("--workers", "2")
        cls.service.start()

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__()

    def submit(self, text, *flags):
        done = self.service.ask("submit", "-", "-o", "name", *flags, stdin=text)
        return done.strip().splitlines()[-1].split("/")[-1]

    def state(self, run):
        return self.service.json("get", run)["state"]

    def test_the_same_run_twice_has_the_same_result(self):
        first = self.submit(service.SHORT, "--wait")
        second = self.submit(service.SHORT, "--wait")
        self.assertNotEqual(first, second)
        results = [self.service.json("get", f"{e}/0") for e in (first, second)]
        self.assertEqual(results[0]["state"], "RUN_STATE_SUCCEEDED")
        self.assertRegex(results[0]["resultHash"], r"^r1:[0-9a-f]{64}$")
        self.assertEqual(results[0]["resultHash"], results[1]["resultHash"])
        self.assertEqual(results[0]["runHash"], results[1]["runHash"])

    def test_verify_says_equal(self):
        experiment = self.submit(service.SHORT, "--wait")
        done = self.service.run("verify", f"{experiment}/0")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("EQUAL", done.stdout)

    def test_metrics_and_arrays_come_out_as_they_went_in(self):
        experiment = self.submit(
            service.SHORT + "record: {snapshots: {rule.weights: [1, final]}}\n",
            "--wait")
        rows = list(csv.DictReader(io.StringIO(
            self.service.ask("metrics", f"{experiment}/0", "-o", "csv"))))
        self.assertGreater(len(rows), 2)
        path = os.path.join(self.service.folder, "run.npz")
        self.service.ask("export", f"{experiment}/0", "--to", path)
        with numpy.load(path) as arrays:
            names = [n for n in arrays.files if "rule.weights" in n]
            self.assertEqual(len(names), 2, arrays.files)
            for name in names:
                self.assertEqual(arrays[name].shape, (40, 40))
                self.assertTrue(numpy.isfinite(arrays[name]).all())
                self.assertTrue((numpy.diag(arrays[name]) == 0).all())
                self.assertGreater(abs(arrays[name]).max(), 0)

    def test_cancel_ends_a_running_run_and_its_process_goes_on(self):
        experiment = self.submit(service.LONG)
        run = f"{experiment}/0"
        service.wait_until(lambda: self.state(run) == "RUN_STATE_RUNNING",
                           "the run is running")
        self.service.ask("cancel", run, "--yes")
        service.wait_until(lambda: self.state(run) == "RUN_STATE_CANCELLED",
                           "the run is cancelled")
        follower = self.submit(service.SHORT, "--wait")
        self.assertEqual(self.state(f"{follower}/0"), "RUN_STATE_SUCCEEDED")

    def test_a_killed_worker_is_replaced_and_its_run_tried_again(self):
        experiment = self.submit(service.LONG)
        run = f"{experiment}/0"
        service.wait_until(lambda: self.state(run) == "RUN_STATE_RUNNING",
                           "the run is running")
        first = self.service.workers()
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        attempts = lambda: self.service.json("get", run)["attemptCount"]
        # Between two kills the other worker may have taken it up.
        service.wait_until(lambda: attempts() >= 2 and
                           self.state(run) == "RUN_STATE_RUNNING",
                           "the run is tried again")
        self.assertFalse(set(first) & set(self.service.workers()))
        self.service.ask("cancel", experiment, "--yes")
        service.wait_until(lambda: self.state(run) == "RUN_STATE_CANCELLED",
                           "the run is cancelled")

    def test_a_sweep_is_compared_differing_parameters_first(self):
        experiment = self.submit(
            service.SHORT.replace("seed: 1\n", "") +
            "sweep:\n"
            "  experiment.rule: [{type: hebbian}, {type: stdp_rate}]\n"
            "  seed: 1..2\n", "--wait")
        table = self.service.ask("compare", experiment)
        self.assertLess(table.index("rule"), table.index("sequence_length"))
        self.assertIn("hebbian", table)
        self.assertIn("stdp_rate", table)


class RestartTest(unittest.TestCase):

    def test_a_stopped_server_keeps_the_history_and_ends_its_queue(self):
        with service.Service("--workers", "1") as one:
            text = service.SHORT.replace("seed: 1\n",
                                         "sweep: {seed: 1..20}\n")
            experiment = one.ask("submit", "-", "-o", "name",
                                 stdin=text).strip().split("/")[-1]
            self.assertEqual(one.stop(), 0)
            one.start()
            one.ask("watch", experiment)
            counts = one.json("get", experiment)["stateCounts"]
            self.assertEqual(counts, {"SUCCEEDED": "20"})

    def test_a_killed_server_loses_no_acknowledged_submit(self):
        with service.Service("--workers", "2") as one:
            text = service.SHORT.replace("seed: 1\n",
                                         "sweep: {seed: 1..20}\n")
            experiments = [
                one.ask("submit", "-", "-o", "name",
                        stdin=text).strip().split("/")[-1] for _ in range(2)]
            one.kill()
            one.start()
            for experiment in experiments:
                one.ask("watch", experiment)
                counts = one.json("get", experiment)["stateCounts"]
                self.assertEqual(counts, {"SUCCEEDED": "20"})
            self.assertNotIn("problem", one.ask("admin", "check", "--deep"))


if __name__ == "__main__":
    service.main()
