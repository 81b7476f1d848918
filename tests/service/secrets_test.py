"""No secret is in any log, command line, environment, database or spool.

A server at log level debug is used in every way that a secret can come along;
then everything that it and its processes have written or carry is searched for
the secrets that are known, and whatever else looks like one is tried as a
token: the server knows none of them.
"""

import base64
import json
import os
import pty
import re
import subprocess
import unittest
import urllib.error
import urllib.request

import service

HEX = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:  # gone meanwhile
        return b""


def forms(secret):
    """What a secret may look like: as it is, its digits, its bytes, base64."""
    digits = secret.removeprefix("engram_")
    raw = bytes.fromhex(digits)
    return [digits.encode(), digits.upper().encode(), raw,
            base64.b64encode(raw).rstrip(b"="),
            base64.urlsafe_b64encode(raw).rstrip(b"=")]


class SecretsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.service = service.Service(
            "--log-level", "debug", "--workers", "2", "--http-listen",
            "127.0.0.1:0")
        cls.service.start()
        cls.secrets = {}
        cls.use_it()

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__()

    @classmethod
    def base_url(cls):
        return re.findall(r'"http": ?"(http://[^"]+)"', cls.service.log())[-1]

    @classmethod
    def call(cls, path, body, **headers):
        """A call by HTTP: status, and the answer."""
        request = urllib.request.Request(
            f"{cls.base_url()}/engram.v1.{path}", json.dumps(body).encode(),
            {"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    @classmethod
    def status_as(cls, token):
        return cls.call("Admin/WhoAmI", {},
                        Authorization=f"Bearer {token}")[0]

    @classmethod
    def link_from_terminal(cls):
        """What `engram login --link` prints to a terminal."""
        ours, theirs = pty.openpty()
        done = subprocess.Popen(
            [f"{service.BIN}/engram", "login", "--link"], stdin=theirs,
            stdout=theirs, stderr=theirs, env=cls.service.environment)
        os.close(theirs)
        text = b""
        while b"works once" not in text:
            text += os.read(ours, 4096)
        done.wait(timeout=30)
        os.close(ours)
        return re.search(rb"(http\S+/login\?code=\S+)", text)[1].decode()

    @classmethod
    def open_link(cls, link):
        """The cookie that a browser gets."""
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *args):
                return None

        try:
            urllib.request.build_opener(Stay).open(link, timeout=30)
        except urllib.error.HTTPError as answer:
            return answer.headers["Set-Cookie"].split(";")[0]
        raise AssertionError("the link led nowhere")

    @classmethod
    def use_it(cls):
        config = os.path.join(cls.service.folder, ".config/engram/client.yaml")
        admin = re.search(r"token: (\S+)", read(config).decode())[1]
        cls.secrets["the first admin's token"] = admin
        cls.service.ask("admin", "users", "create", "ada")
        for scope in ("viewer", "submitter", "admin"):
            cls.secrets[f"a token of a {scope}"] = cls.service.ask(
                "admin", "tokens", "create", "ada", "--scope", scope).strip()
        unused = cls.link_from_terminal()
        used = cls.link_from_terminal()
        cls.secrets["a login code"] = unused.split("code=")[1]
        cls.secrets["a used login code"] = used.split("code=")[1]
        cookie = cls.open_link(used)
        cls.secrets["a session"] = cookie.split("=")[1]
        # Good and bad calls with each, in header, cookie, and where they do
        # not belong.
        for secret in cls.secrets.values():
            cls.status_as(secret)
            cls.status_as(secret + "0")
            cls.call("Admin/CreateUser", {"name": "x"},
                     Authorization=f"Bearer {secret}")
        cls.call("Admin/WhoAmI", {}, Cookie=cookie, Origin=cls.base_url())
        cls.call("Admin/WhoAmI", {}, Cookie=cookie, Origin="http://evil.example")
        cls.open_link_again(used)
        submitter = cls.secrets["a token of a submitter"]
        token_file = cls.service.write("token", submitter + "\n")
        done = cls.service.run(
            "submit", "-", "--wait", "--token-file", token_file,
            stdin=service.SHORT)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        os.remove(token_file)
        cls.long = cls.service.ask("submit", "-", "-o", "name",
                                   stdin=service.LONG).split("/")[-1].strip()
        service.wait_until(
            lambda: cls.service.json("get", f"{cls.long}/0")["state"] ==
            "RUN_STATE_RUNNING", "a run is running")

    @classmethod
    def open_link_again(cls, link):
        try:
            urllib.request.urlopen(link, timeout=30)
        except urllib.error.HTTPError as answer:
            if answer.code == 404:
                return
        raise AssertionError("a link worked twice")

    def processes(self):
        return ([self.service.process.pid] + self.service.helpers() +
                self.service.workers())

    def places(self):
        """Name and bytes of everything that could hold a secret."""
        yield "the server's log", read(self.service.log_path)
        for pid in self.processes():
            yield f"environment of {pid}", read(f"/proc/{pid}/environ")
        for pid in filter(str.isdigit, os.listdir("/proc")):
            yield f"command line of {pid}", read(f"/proc/{pid}/cmdline")
        for folder, _, names in os.walk(self.service.data):
            for name in names:
                path = os.path.join(folder, name)
                yield path, read(path)

    def test_the_secrets_are_good(self):
        """The search would be worth nothing with secrets that open nothing."""
        for what in ("the first admin's token", "a token of a viewer",
                     "a token of a submitter", "a session"):
            self.assertEqual(self.status_as(self.secrets[what]), 200, what)
        self.assertGreaterEqual(len(self.service.workers()), 2)

    def test_no_known_secret_is_anywhere(self):
        searched = 0
        for place, content in self.places():
            searched += len(content)
            for what, secret in self.secrets.items():
                for form in forms(secret):
                    self.assertNotIn(form, content, f"{what} is in {place}")
        self.assertGreater(searched, 100_000)

    def test_nothing_that_is_found_opens_anything(self):
        """Workers' tokens are known to the server and the worker alone."""
        found = {}
        for place, content in self.places():
            for candidate in HEX.findall(content):
                found.setdefault(candidate.decode(), place)
        self.assertGreater(len(found), 0)  # digests and builds at least
        for candidate, place in list(found.items())[:1000]:
            for token in (candidate, f"engram_{candidate}"):
                self.assertEqual(self.status_as(token), 401,
                                 f"{candidate[:6]}... of {place} is a token")

    def test_a_workers_token_would_be_noticed(self):
        """The answer to a token of scope worker is not that to none: 403."""
        worker = self.service.workers()[0]
        secrets = set()
        for region in read(f"/proc/{worker}/maps").decode().splitlines():
            span, rights = region.split()[:2]
            begin, end = (int(x, 16) for x in span.split("-"))
            # A sanitizer's allocator keeps many small regions for a heap, and
            # terabytes of shadow.
            if not rights.startswith("rw") or end - begin > 64 << 20:
                continue
            with open(f"/proc/{worker}/mem", "rb") as memory:
                memory.seek(begin)
                secrets.update(HEX.findall(memory.read(end - begin)))
        self.assertIn(403, map(self.status_as, map(bytes.decode, secrets)))

    def test_files_with_secrets_are_their_owners_alone(self):
        config = os.path.join(self.service.folder, ".config/engram/client.yaml")
        self.assertEqual(os.stat(config).st_mode & 0o077, 0)
        self.assertEqual(os.stat(self.service.data).st_mode & 0o077, 0)


if __name__ == "__main__":
    service.main()
