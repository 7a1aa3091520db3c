"""Let a class of students run an exercise notebook on a JupyterHub, all at once, through its proxy.

    python3 -m venv hubenv
    hubenv/bin/pip install 'jupyterhub>=6,<7' jupyterhub-idle-culler nbgitpuller psutil \
        websocket-client '.[lab]'
    npm install --prefix hubenv configurable-http-proxy
    PATH=$PWD/hubenv/bin:$PWD/hubenv/node_modules/.bin:$PATH \
        hubenv/bin/python benchmarks/hub.py --students 30

The hub has the settings of docs/teaching/hub/trial_config.py: the limits of the guide, the dummy
authenticator, the simple spawner. Each student does by HTTP and websocket what a browser does: logs
in, follows the nbgitpuller link to the notebook, waits for the server, lets it fetch the course,
opens the notebook, starts a kernel, runs every cell, and saves. A start that is refused with 429 is
tried again after as many seconds as the answer says. At the end, when all servers and kernels are
still there, their memory is added up (PSS: what is shared by several processes is divided among
them).

The course is fetched from a bare copy of this repository's HEAD, not from a git host, and nothing
leaves this machine.
"""

import argparse
import contextlib
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import requests
import websocket

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from hub_links import link  # noqa: E402

CONFIG = ROOT / "docs" / "teaching" / "hub" / "trial_config.py"
FOLDER = "flasklogin_tutorial"
NOTEBOOK = "notebooks/exercises/04_exercises.ipynb"

#: How long one student may take in all, and one cell, in seconds.
PATIENCE, CELL_PATIENCE = 900, 120


class Failed(Exception):
    """A student could not finish."""


@dataclass
class Student:
    """What became of one student.

    Attributes:
        name: the login.
        seconds: for each phase the seconds that it took.
        refused: how often a start was answered with 429.
        cells: how many cells ran.
        printed: the texts that they left.
        failure: why the student could not finish; empty if all went well.
    """

    name: str
    seconds: dict[str, float] = field(default_factory=dict)
    refused: int = 0
    cells: int = 0
    printed: str = ""
    failure: str = ""

    def verdicts(self) -> str:
        """Count what the checks of the notebook said."""
        found = re.findall(r"^([✓✗…]) \d+\.\d .*: ([a-z ]+)$", self.printed, re.MULTILINE)
        said = Counter(verdict for _, verdict in found)
        return (
            ", ".join(f"{count} times {verdict!r}" for verdict, count in said.items()) or "no check"
        )


@contextlib.contextmanager
def timed(student: Student, phase: str) -> Iterator[None]:
    """Note how long a phase of a student takes."""
    start = time.perf_counter()
    try:
        yield
    finally:
        student.seconds[phase] = time.perf_counter() - start


class Browser:
    """One student's browser, as far as the hub can tell.

    Args:
        hub: the address of the hub.
        student: whose it is.
    """

    def __init__(self, hub: str, student: Student) -> None:
        self.hub, self.student, self.web = hub, student, requests.Session()
        self.web.trust_env = False
        self.base = f"{hub}/user/{student.name}"

    def xsrf(self, path: str) -> str:
        """Return the token that this browser has for a path."""
        found = [one for one in self.web.cookies if one.name == "_xsrf"]
        found = [one for one in found if path.startswith(one.path.rstrip("/"))]
        return max(found, key=lambda one: len(one.path)).value if found else ""

    def log_in(self, password: str) -> None:
        """Type the name and the password into the login page."""
        self.web.get(f"{self.hub}/hub/login", timeout=60)
        form = {"username": self.student.name, "password": password, "_xsrf": self.xsrf("/hub/")}
        answer = self.web.post(
            f"{self.hub}/hub/login", data=form, timeout=60, allow_redirects=False
        )
        if answer.status_code != 302:
            raise Failed(f"the login was answered with {answer.status_code}")

    def open(self, address: str, deadline: float) -> None:
        """Follow a link until the student's own server answers."""
        while time.monotonic() < deadline:
            answer = self.web.get(address, timeout=120)
            if answer.ok and urlsplit(answer.url).path.startswith(f"/user/{self.student.name}/"):
                return
            if answer.status_code == 429:
                self.student.refused += 1
                time.sleep(int(answer.headers.get("Retry-After", 30)))
            elif answer.status_code >= 500 and "spawn" in answer.url:
                raise Failed(f"the server did not start: {answer.status_code}")
            else:
                # The waiting page leads on to the link when the server is there.
                address = answer.url if "/spawn-pending/" in answer.url else address
                time.sleep(1)
        raise Failed("the server did not start in time")

    def pull(self, address: str) -> None:
        """Let the server fetch the course, as the page of nbgitpuller does."""
        query = urlsplit(address).query
        answer = self.web.get(f"{self.base}/git-pull/api?{query}", timeout=300, stream=True)
        answer.raise_for_status()
        for line in answer.iter_lines(decode_unicode=True):
            if line.startswith("data: "):
                told = json.loads(line.removeprefix("data: "))
                if told["phase"] == "error":
                    raise Failed(f"nbgitpuller: {told.get('message')}")
                if told["phase"] == "finished":
                    return
        raise Failed("nbgitpuller never finished")

    def api(self, method: str, path: str, **more: object) -> requests.Response:
        """Call the API of the student's server."""
        headers = {"X-XSRFToken": self.xsrf(f"/user/{self.student.name}/")}
        answer = self.web.request(
            method, f"{self.base}/api/{path}", headers=headers, timeout=120, **more
        )
        if not answer.ok:
            raise Failed(f"{method} api/{path}: {answer.status_code} {answer.text[:200]}")
        return answer

    def run(self, notebook: dict, path: str) -> None:
        """Start a kernel and run every code cell, one after the other."""
        wanted = {
            "path": path,
            "name": Path(path).name,
            "type": "notebook",
            "kernel": {"name": "python3"},
        }
        kernel = self.api("POST", "sessions", json=wanted).json()["kernel"]["id"]
        session = uuid.uuid4().hex
        address = self.base.replace("http:", "ws:") + f"/api/kernels/{kernel}/channels"
        cookies = "; ".join(
            f"{one.name}={one.value}"
            for one in self.web.cookies
            if f"/user/{self.student.name}/".startswith(one.path)
        )
        wire = websocket.create_connection(
            f"{address}?session_id={session}",
            cookie=cookies,
            origin=self.hub,
            timeout=CELL_PATIENCE,
        )
        try:
            for cell in notebook["cells"]:
                source = "".join(cell["source"])
                if cell["cell_type"] == "code" and source.strip():
                    cell["outputs"] = self.execute(wire, session, source)
                    self.student.cells += 1
        finally:
            wire.close()

    def execute(self, wire: websocket.WebSocket, session: str, source: str) -> list[dict]:
        """Run one cell, and return its outputs."""
        number = uuid.uuid4().hex
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        header = {
            "msg_id": number,
            "msg_type": "execute_request",
            "session": session,
            "username": self.student.name,
            "version": "5.3",
        }
        told = {"header": header, "parent_header": {}, "metadata": {}, "channel": "shell"}
        wire.send(json.dumps(told | {"content": content}))
        outputs = []
        while True:
            message = json.loads(wire.recv())
            kind, said = message["header"]["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != number:
                continue
            if kind == "error":
                raise Failed(f"{said['ename']}: {said['evalue']} in {source[:60]!r}")
            if kind == "stream":
                outputs.append({"output_type": "stream", **said})
                self.student.printed += said["text"]
            elif kind in ("execute_result", "display_data"):
                shown = {name: said[name] for name in ("data", "metadata")}
                if kind == "execute_result":
                    shown["execution_count"] = said["execution_count"]
                outputs.append({"output_type": kind, **shown})
                self.student.printed += said["data"].get("text/plain", "") + "\n"
            elif kind == "status" and said["execution_state"] == "idle":
                return outputs


def study(hub: str, password: str, repository: str, notebook: str, student: Student) -> None:
    """Do what a student does, from the login to the saved notebook."""
    browser, start = Browser(hub, student), time.monotonic()
    address = link(hub, repository, notebook)
    path = f"{FOLDER}/{notebook}"
    try:
        with timed(student, "login"):
            browser.log_in(password)
        with timed(student, "start"):
            browser.open(address, start + PATIENCE)
        with timed(student, "fetch"):
            browser.pull(address)
        with timed(student, "run"):
            opened = browser.api("GET", f"contents/{quote(path)}").json()
            browser.run(opened["content"], path)
            saved = {"type": "notebook", "format": "json", "content": opened["content"]}
            browser.api("PUT", f"contents/{quote(path)}", json=saved)
    except Exception as error:
        student.failure = f"{type(error).__name__}: {error}"
    student.seconds["all"] = time.monotonic() - start


# ---- the hub


def free_ports() -> int:
    """Return a port after which two more are free."""
    while True:
        first = random.randrange(20000, 60000)
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in range(first, first + 3):
                held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


def start_hub(folder: Path, password: str, students: int) -> tuple[subprocess.Popen, str]:
    """Start the hub, and wait until it answers.

    Args:
        folder: where it and the students' servers keep their files.
        password: the one that lets everybody in.
        students: how many there will be.

    Returns:
        The process and the address.
    """
    port = free_ports()
    told = {
        "HUB_PASSWORD": password,
        "HUB_PORT": str(port),
        "HUB_HOMES": str(folder),
        "HUB_PLACES": str(students + 4),
    }
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with (folder / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "--config", str(CONFIG)],
            cwd=folder,
            env=kept | told,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    hub = f"http://127.0.0.1:{port}"
    for _ in range(120):
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(f"{hub}/hub/health", timeout=5).ok:
                return process, hub
        if process.poll() is not None:
            break
        time.sleep(0.5)
    stop(process)
    sys.exit(f"the hub did not start:\n{(folder / 'hub.log').read_text()[-3000:]}")


def stop(process: subprocess.Popen) -> None:
    """End the hub and whatever it started."""
    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(60)
    for left in below:
        with contextlib.suppress(psutil.NoSuchProcess):
            left.kill()
    process.kill()


@dataclass
class Use:
    """What a group of processes uses."""

    processes: int = 0
    mib: float = 0
    cpu_seconds: float = 0


def measure(hub: subprocess.Popen) -> dict[str, Use]:
    """Add up the memory and the processor time of the hub, its servers and their kernels."""
    used = {name: Use() for name in ("hub", "proxy", "culler", "servers", "kernels")}
    above = psutil.Process(hub.pid)
    for process in [above, *above.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            command = " ".join(process.cmdline())
            kind = "hub"
            for name, mark in (
                ("kernels", "ipykernel"),
                ("servers", "singleuser"),
                ("proxy", "configurable-http-proxy"),
                ("culler", "idle_culler"),
            ):
                if mark in command:
                    kind = name
                    break
            times = process.cpu_times()
            used[kind].processes += 1
            used[kind].mib += process.memory_full_info().pss / 2**20
            used[kind].cpu_seconds += times.user + times.system
    return used


class Peak(threading.Thread):
    """Watches the memory while the students work.

    Of a class, it is what came to be in use on the whole machine, by whatever ran: to add up the
    processes of many servers twice a second would slow them down. Of one student alone, it is the
    server, the kernel and whatever the notebook starts.

    Args:
        hub: the hub.
        alone: whether there is one student.
    """

    def __init__(self, hub: subprocess.Popen, alone: bool) -> None:
        super().__init__(daemon=True)
        self.hub, self.alone, self.mib = psutil.Process(hub.pid), alone, 0.0
        self.before = psutil.virtual_memory().available
        self.ended = threading.Event()

    def run(self) -> None:
        """Look every fifth of a second."""
        while not self.ended.wait(0.2):
            with contextlib.suppress(psutil.NoSuchProcess):
                self.mib = max(self.mib, self.now())

    def now(self) -> float:
        """Return what is in use."""
        if not self.alone:
            return (self.before - psutil.virtual_memory().available) / 2**20
        total = 0.0
        for child in self.hub.children():
            if "singleuser" in " ".join(child.cmdline()):
                for process in [child, *child.children(recursive=True)]:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        total += process.memory_full_info().pss / 2**20
        return total

    def __str__(self) -> str:
        of = "the student's processes had" if self.alone else "memory in use on the machine rose by"
        return f"{of} {self.mib:.0f} MiB at most"


# ---- the report


def spread(values: list[float]) -> str:
    """Return the median and the largest of some seconds."""
    return f"median {statistics.median(values):6.1f} s, longest {max(values):6.1f} s"


def report(students: list[Student], seconds: float, used: dict[str, Use], peak: Peak) -> int:
    """Print what was seen, and return how many students failed."""
    done = [one for one in students if not one.failure]
    print(f"\n{len(done)} of {len(students)} finished, in {seconds:.0f} s")
    for one in students:
        if one.failure:
            print(f"  {one.name}: {one.failure}")
    if done:
        print(f"{done[0].cells} cells each; in the first notebook {done[0].verdicts()}")
        for phase in ("login", "start", "fetch", "run", "all"):
            print(f"  {phase:<6} {spread([one.seconds[phase] for one in done])}")
    refused = [one for one in students if one.refused]
    print(f"429: {sum(one.refused for one in refused)} times, to {len(refused)} students")
    for name, use in used.items():
        each = f", {use.mib / use.processes:.0f} MiB each" if use.processes > 1 else ""
        print(
            f"  {name:<8} {use.processes:>3} processes, {use.mib:6.0f} MiB{each}, "
            f"{use.cpu_seconds:.0f} s of processor time"
        )
    both = [used["servers"], used["kernels"]]
    count = len(students)
    print(f"a student: {sum(use.mib for use in both) / count:.0f} MiB (PSS)")
    print(f"a student: {sum(use.cpu_seconds for use in both) / count:.1f} s of processor time")
    print(peak)
    return len(students) - len(done)


def machine() -> str:
    """Describe the machine, and what else runs on it."""
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    today = time.strftime("%Y-%m-%d", time.gmtime())
    return f"{today}: {os.cpu_count()} cores, {memory:.0f} GiB; load before: {load}"


def main() -> int:
    """Run the class, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=30, help="30 if not given")
    parser.add_argument("--notebook", default=NOTEBOOK, help=f"{NOTEBOOK} if not given")
    parser.add_argument("--within", type=float, default=0, help="seconds in which all arrive")
    parser.add_argument("--log", type=Path, help="where to keep what the hub wrote")
    given = parser.parse_args()
    if not shutil.which("configurable-http-proxy"):
        sys.exit("configurable-http-proxy is not on PATH; the top of this file says how to get it")
    if not (ROOT / given.notebook).is_file():
        sys.exit(f"there is no {given.notebook}")
    password = secrets.token_hex(12)
    students = [Student(f"student{number:02d}") for number in range(1, given.students + 1)]
    with tempfile.TemporaryDirectory(prefix="hub-") as name:
        folder = Path(name)
        repository = folder / f"{FOLDER}.git"
        subprocess.run(["git", "clone", "-q", "--bare", str(ROOT), str(repository)], check=True)
        print(machine(), flush=True)
        hub, address = start_hub(folder, password, given.students)
        peak = Peak(hub, given.students == 1)
        peak.start()
        try:
            start = time.monotonic()

            def arrive(place: int) -> None:
                time.sleep(given.within * place / max(1, given.students))
                study(address, password, f"file://{repository}", given.notebook, students[place])

            with ThreadPoolExecutor(given.students) as pool:
                list(pool.map(arrive, range(given.students)))
            seconds = time.monotonic() - start
            used = measure(hub)
        finally:
            peak.ended.set()
            stop(hub)
            if given.log:
                shutil.copy(folder / "hub.log", given.log)
        failed = report(students, seconds, used, peak)
        if failed:
            log = (folder / "hub.log").read_text()
            print("\n".join(re.findall(r"^\[[EC] .*", log, re.MULTILINE)[-20:]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
