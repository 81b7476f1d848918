"""Who gets in, and what is said to whom does not: the real programs under TLS."""

import http.client
import os
import ssl
import subprocess
import unittest

import service


def make_certificate(folder, name, names="DNS:localhost,IP:127.0.0.1", days=30):
    """A certificate that is its own authority; the paths of both files."""
    cert = os.path.join(folder, f"{name}.pem")
    key = os.path.join(folder, f"{name}.key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert,
         "-days", str(days), "-subj", "/CN=engram test", "-addext",
         f"subjectAltName={names}"], check=True, capture_output=True)
    os.chmod(key, 0o600)
    return cert, key


class TlsService(service.Service):
    """A server under TLS on all addresses, and a client that trusts it."""

    def __init__(self, *flags, names="DNS:localhost,IP:127.0.0.1"):
        super().__init__(*flags)
        self.cert, self.key = make_certificate(self.folder, "server", names)
        self.flags += ["--tls-cert", self.cert, "--tls-key", self.key,
                       "--workers", "1"]
        self.environment["ENGRAM_CA"] = self.cert


class TlsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.service = TlsService("--http-listen", "127.0.0.1:0")
        cls.service.start()
        cls.http = service.wait_until(
            lambda: service.re.findall(r"https://localhost:(\d+)",
                                       cls.service.log()), "HTTPS listens")[0]

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__()

    def whoami(self, **environment):
        """`engram workers`, a call, with these variables beside the usual."""
        changed = {**self.service.environment, **environment}
        changed = {k: v for k, v in changed.items() if v is not None}
        return subprocess.run(
            [f"{service.BIN}/engram", "workers"], env=changed, text=True,
            capture_output=True, timeout=60, cwd=self.service.folder)

    def assert_one_line(self, done, code, *parts):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_a_run_goes_through(self):
        done = self.service.run("submit", "-", "--wait", stdin=service.SHORT)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_first_admin_is_told_the_socket(self):
        path = os.path.join(self.service.folder, ".config/engram/client.yaml")
        with open(path, encoding="utf-8") as file:
            self.assertIn("server: unix:/", file.read())
        done = self.whoami(ENGRAM_SERVER=None, ENGRAM_CA=None)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_an_authority_that_is_not_trusted_gives_one_line(self):
        port = self.service.address.split(":")[1]
        other, _ = make_certificate(self.service.folder, "other")
        self.assert_one_line(
            self.whoami(ENGRAM_CA=other), 5, "no secure connection",
            "--ca FILE")
        # Not on loopback's name, so TLS without a flag; nobody vouches for it.
        self.assert_one_line(
            self.whoami(ENGRAM_CA=None, ENGRAM_SERVER=f"0.0.0.0:{port}"), 5,
            "no secure connection", "--ca FILE")

    def test_plain_text_to_a_tls_port_gives_one_line(self):
        done = self.whoami(ENGRAM_CA=None)
        self.assert_one_line(done, 5, self.service.address, "--ca")

    def test_login_remembers_the_authority(self):
        home = os.path.join(self.service.folder, "home")
        path = os.path.join(self.service.folder, ".config/engram/client.yaml")
        with open(path, encoding="utf-8") as file:
            token = service.re.search(r"token: (\S+)", file.read())[1]
        variables = {"HOME": home, "ENGRAM_SERVER": "", "ENGRAM_CA": ""}
        done = self.service.run(
            "login", self.service.address, "--ca", "server.pem",
            stdin=token + "\n", environment=variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(token, done.stdout + done.stderr)
        stored = os.path.join(home, ".config/engram/client.yaml")
        self.assertEqual(os.stat(stored).st_mode & 0o777, 0o600)
        with open(stored, encoding="utf-8") as file:
            self.assertIn(f'ca: "{self.service.cert}"', file.read())
        again = self.service.run("workers", environment=variables)
        self.assertEqual(again.returncode, 0, again.stderr)

    def test_login_link_needs_a_terminal(self):
        done = self.service.run("login", "--link")
        self.assertEqual(done.returncode, 2)
        self.assertIn("not a terminal", done.stderr)
        self.assertNotIn("code=", done.stdout + done.stderr)

    def test_https_has_the_same_certificate(self):
        context = ssl.create_default_context(cafile=self.service.cert)
        connection = http.client.HTTPSConnection("localhost", int(self.http),
                                                 context=context, timeout=20)
        connection.request("GET", "/healthz")
        self.assertEqual(connection.getresponse().status, 200)
        with self.assertRaises(ssl.SSLCertVerificationError):
            http.client.HTTPSConnection(
                "localhost", int(self.http), timeout=20,
                context=ssl.create_default_context()).request("GET", "/")

    def test_a_worker_without_a_good_token_is_turned_away(self):
        """It gets through TLS with the right authority, and no further."""
        def attach(ca):
            return subprocess.run(
                [f"{service.BIN}/engram-worker", "--attach",
                 self.service.address, "--ca", ca], text=True,
                capture_output=True, timeout=120,
                env={**self.service.environment,
                     "ENGRAM_WORKER_TOKEN": "0" * 64})

        refused = attach(self.service.cert)
        self.assertIn("token is unknown", refused.stderr)

    def test_a_renewed_certificate_is_served_without_a_restart(self):
        with TlsService("--http-listen", "127.0.0.1:0") as renewed:
            make_certificate(renewed.folder, "fresh")
            fresh = os.path.join(renewed.folder, "fresh.pem")
            self.assertNotEqual(
                renewed.run("workers",
                            environment={"ENGRAM_CA": fresh}).returncode, 0)
            os.rename(os.path.join(renewed.folder, "fresh.key"), renewed.key)
            with open(fresh, encoding="utf-8") as file:
                text = file.read()
            with open(renewed.cert + ".new", "w", encoding="utf-8") as file:
                file.write(text)
            os.rename(renewed.cert + ".new", renewed.cert)
            service.wait_until(
                lambda: renewed.run("workers", environment={
                    "ENGRAM_CA": fresh}).returncode == 0,
                "the renewed certificate is served", 40)


class StartTest(unittest.TestCase):
    """What engramd says when it will not start."""

    def setUp(self):
        self.service = service.Service()
        self.addCleanup(service.shutil.rmtree, self.service.folder,
                        ignore_errors=True)
        self.cert, self.key = make_certificate(self.service.folder, "good")

    def refused(self, *flags):
        command = self.service.daemon(*flags)
        done = subprocess.run(command, env=self.service.environment, text=True,
                              capture_output=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def test_other_addresses_need_tls(self):
        for flag in ("--listen", "--http-listen"):
            with self.subTest(flag):
                said = self.refused(flag, "0.0.0.0:0")
                self.assertIn("set tls_cert and tls_key", said)
        self.assertFalse(os.path.exists(self.service.data))

    def test_faults_of_the_files_are_named(self):
        _, other_key = make_certificate(self.service.folder, "other")
        for cert, key, part in (
                (self.cert, other_key, "is not the key of"),
                (self.cert, "/no/such.key", "cannot be read"),
                ("/no/such.pem", self.key, "cannot be read"),
                (self.key, self.key, "holds no certificate")):
            with self.subTest(part):
                said = self.refused("--tls-cert", cert, "--tls-key", key)
                self.assertIn(part, said)
        self.assertIn("needs tls_key", self.refused("--tls-cert", self.cert))

    def test_all_addresses_are_served_under_tls(self):
        started = TlsService()
        started.address = "0.0.0.0:0"

        def listening():
            return service.re.findall(r"0\.0\.0\.0:([1-9]\d*)", started.log())

        with open(os.path.join(started.folder, "engramd.log"), "ab") as log:
            started.log_path = log.name
            started.process = subprocess.Popen(
                started.daemon(*started.flags), env=started.environment,
                stdout=log, stderr=log, start_new_session=True)
        try:
            port = service.wait_until(listening, "engramd listens")[0]
            done = started.run("--server", f"localhost:{port}", "workers")
            self.assertEqual(done.returncode, 0, done.stderr)
        finally:
            started.__exit__()


if __name__ == "__main__":
    service.main()
