"""Programs that run beside a test: a MongoDB server, gunicorn with the app, and nginx before it."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

#: Seconds that a process may take before it counts as stuck.
PATIENCE = 60

#: For an address of a server that works: a busy machine may need more than the app's three seconds.
NO_HURRY = "timeoutMS=60000"

#: For tests that start a server, to stop it or to be alone with it.
needs_server = pytest.mark.skipif(
    shutil.which("mongod") is None and importlib.util.find_spec("secantus") is None,
    reason="there is no mongod on the PATH, and SecantusDB has no wheel for this Python or machine",
)

needs_gunicorn = pytest.mark.skipif(
    sys.platform == "win32", reason="gunicorn does not run on Windows, which stops no process"
)
needs_nginx = pytest.mark.skipif(
    shutil.which("nginx") is None, reason="there is no nginx (Debian: apt-get install nginx-light)"
)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def environment(**variables):
    """Return the environment of the tests without what would change an app, and with more."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FLASK", "COV_"))}
    return kept | variables


@contextmanager
def running(command, says, log, *, patience=PATIENCE, **variables):
    """Run a program until its output has a text; end it afterwards.

    One that does not end within `patience` seconds is killed, so that it cannot hold the tests.
    """
    with (
        log.open("a", encoding="utf-8") as stream,
        subprocess.Popen(
            command,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=environment(**variables),
            cwd=log.parent,
        ) as process,
    ):
        begin = log.stat().st_size
        try:
            deadline = time.monotonic() + PATIENCE
            while says not in log.read_text("utf-8", errors="replace")[begin:]:
                assert process.poll() is None, log.read_text("utf-8")
                assert time.monotonic() < deadline, log.read_text("utf-8")
                time.sleep(0.05)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()


def name_of_server():
    """Name the program that `mongodb_in` runs."""
    if shutil.which("mongod"):
        said = subprocess.run(["mongod", "--version"], capture_output=True, text=True).stdout
        return "MongoDB " + said.partition("db version v")[2].split()[0]
    return f"SecantusDB {version('SecantusDB')}"


def mongodb_in(folder):
    """Return a function that runs a MongoDB server on one port, with the same data each time.

    It is a mongod, if there is one on the PATH, and else SecantusDB.
    """
    port, data = str(free_port()), folder / "data"
    if shutil.which("mongod"):
        command = ["mongod", "--port", port, "--bind_ip", "127.0.0.1", "--nounixsocket"]
        command, says = [*command, "--dbpath", str(data)], "Waiting for connections"
    else:
        command = [sys.executable, "-m", "secantus", "--port", port, "--storage-path", str(data)]
        says = "listening on"

    def run():
        data.mkdir(exist_ok=True)
        # A SecantusDB that was stopped and let go on has been seen to miss the signal to end.
        return running(command, says, folder / "log.txt", patience=5)

    run.uri = f"mongodb://127.0.0.1:{port}"
    return run


class Address(str):
    """Where something is served, and the process that serves it."""

    process: subprocess.Popen


@contextmanager
def workers(settings, log, number=3, *, config=None):
    """Run the app with as many gunicorn workers, as docs/app.md says, and yield its address.

    All of them are forked after the app was made. With a file of gunicorn's settings each makes the
    app for itself.
    """
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--workers", str(number)]
    command += ["--bind", f"127.0.0.1:{port}", "--access-logfile", "-"]
    command += ["--access-logformat", "worker %(p)s %(s)s"]
    command += ["--preload"] if config is None else ["--config", str(config)]
    command += ["flasklogin_tutorial:create_app()"]
    with running(command, "Booting worker", log, **settings) as process:
        address = Address(f"http://127.0.0.1:{port}")
        address.process = process
        yield address


@contextmanager
def nginx(folder, *addresses):
    """Run nginx before servers, as nginx.conf has it for compose.yaml, and yield its address."""
    port = free_port()
    text = (ROOT / "nginx.conf").read_text("utf-8")
    servers = "".join(f"server {one.removeprefix('http://')}; " for one in addresses)
    for here, there in {
        "server app:8000;": servers,
        "listen 8080;": f"listen 127.0.0.1:{port};",
        "/tmp/": f"{folder}/",
        "/dev/stderr": "stderr",
    }.items():
        assert here in text
        text = text.replace(here, there)
    conf, log = folder / "nginx.conf", folder / "nginx.txt"
    conf.write_text(f"daemon off; {'user root; ' if os.geteuid() == 0 else ''}\n{text}", "utf-8")
    with running(["nginx", "-e", "stderr", "-c", str(conf)], "", log):
        deadline = time.monotonic() + PATIENCE
        while True:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
