"""A lock installs the same on a later day, with any pip that a supported Python brings.

An index made here stands in for that day: it offers every package of a lock as it is locked, and a
newer release of it, which fits what the others require as well. The packages are empty, and say of
themselves what the real ones say. pip is run dry, into an empty environment.
"""

import json
import os
import re
import subprocess
import sys
from importlib import metadata

import pytest
from packaging.version import Version

from .checkout import LOCKS as ALL_LOCKS
from .checkout import ROOT, load, lock_needs, text_of
from .index import digest, write_wheel

pytestmark = pytest.mark.slow

#: What is installed in .venv, where these tests run, so that what it requires can be read.
LOCKS = {name: each for name, each in ALL_LOCKS.items() if each.venv == ".venv"}

#: What the first release of each Python brings, and for 3.11 also the next pip: the one that Debian
#: 12 has is a 23.0. The last is the newest that there was when the locks were made.
PIPS_OF = {
    "3.11": ("22.3", "23.0", "26.3"),
    "3.12": ("23.2.1", "26.3"),
    "3.13": ("24.2", "26.3"),
    "3.14": ("25.2", "26.3"),
}
HASHES = {
    "22.3": "1daab4b8d3b97d1d763caeb01a4640a2250a0ea899e257b1e44b9eded91e15ab",
    "23.0": "b5f88adff801f5ef052bcdef3daa31b55eb67b0fccd6d0106c206fa248e0463c",
    "23.2.1": "7ccf472345f20d35bdc9d1841ff5f313260c2c33fe417f48c30ac46cccabf5be",
    "24.2": "2cd581cf58ab7fcfca4ce8efa6dcacd0de5bf8d0a3eb9ec927e07405f4d9e2a2",
    "25.2": "6d67a2b4e7f14d8b31b8b52648866fa717f45a1eb70e83002f4331d07e953717",
    "26.3": "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
}
PIPS = PIPS_OF["{}.{}".format(*sys.version_info)]
COPIED = ("Requires-Dist", "Provides-Extra", "Requires-Python")


def belongs_here(pin):
    return pin.requirement.marker is None or pin.requirement.marker.evaluate()


def described(name):
    """Return the lines in which an installed package says what it requires."""
    says = metadata.distribution(name).metadata
    return [f"{field}: {value}" for field in COPIED for value in says.get_all(field, ())]


class LaterDay:
    """An index, locks with the hashes of what is in it, and an environment without anything."""

    def __init__(self, folder):
        self.folder, self.index = folder, folder / "index"
        self.index.mkdir()
        hashes = {}
        for pin in lock_needs.pins(text_of("test")):
            if belongs_here(pin):
                lines = described(pin.name)
                assert metadata.version(pin.name) == pin.version, "run `make test`: .venv is stale"
                hashes[pin.name] = digest(write_wheel(self.index, pin.name, pin.version, lines))
                newer = Version(pin.version).base_version + ".1"
                assert Version(newer) > Version(pin.version)
                write_wheel(self.index, pin.name, newer, lines)
        for name in LOCKS:
            pins = [pin for pin in lock_needs.pins(text_of(name)) if belongs_here(pin)]
            lines = [f"{pin.requirement} --hash={hashes[pin.name]}\n" for pin in pins]
            (folder / f"{name}.txt").write_text("".join(lines), encoding="utf-8")
        empty = folder / "empty"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", empty], check=True)
        scripts = empty / ("Scripts" if os.name == "nt" else "bin")
        self.python = scripts / ("python.exe" if os.name == "nt" else "python")

    def install(self, pip, arguments):
        """Let a pip install something, dry.

        Returns:
            The ended process, and the version of each package that it would install.
        """
        report = self.folder / "report.json"
        report.unlink(missing_ok=True)
        # Nothing that this machine sets for pip counts, nor any other index.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        command = [self.python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
        command += ["--dry-run", "--report", report, "--no-index", "--find-links", self.index]
        process = subprocess.run(
            [*command, *arguments],
            capture_output=True,
            text=True,
            env=clean | {"PYTHONPATH": str(pip), "PIP_CONFIG_FILE": os.devnull},
        )
        if process.returncode != 0:
            return process, None
        items = json.loads(report.read_text(encoding="utf-8"))["install"]
        found = [(item["metadata"]["name"], item["metadata"]["version"]) for item in items]
        return process, dict(found)


@pytest.fixture(scope="module")
def later(tmp_path_factory):
    return LaterDay(tmp_path_factory.mktemp("later"))


@pytest.fixture(params=PIPS)
def pip(request, tmp_path):
    """Give the folder of a pip, which is fetched once and kept with what pytest keeps."""
    return fetched(request.param, request.config.cache, tmp_path)


def fetched(version, cache, scratch):
    folder = cache.mkdir("pips") / version
    if not (folder / f"pip-{version}.dist-info").exists():
        wanted = scratch / "pip.txt"
        wanted.write_text(f"pip=={version} --hash=sha256:{HASHES[version]}\n")
        log = scratch / "pip.log"
        command = [sys.executable, "-m", "pip", "install", "--no-deps", "--require-hashes"]
        command += ["--quiet", "--log", log, "--target", folder, "-r", wanted]
        process = subprocess.run(command, capture_output=True, text=True)
        if process.returncode != 0:
            why = load("why_pip_failed").explain(log.read_text(), 1, f"pip {version}")
            if "The network is the cause" in why:
                pytest.skip(f"pip {version} has to be fetched once, and there is no network")
            pytest.fail(why)
    return folder


@pytest.mark.parametrize("name", LOCKS)
def test_newer_releases_change_nothing(later, dev, pip, name):
    process, found = later.install(pip, dev.lock_arguments(later.folder / f"{name}.txt"))
    assert found is not None, process.stderr
    here = [pin for pin in lock_needs.pins(text_of(name)) if belongs_here(pin)]
    assert found == {pin.name: pin.version for pin in here}


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="this Python brings no pip that does so")
def test_the_index_shows_what_an_old_pip_does_otherwise(later, dev, tmp_path, request):
    old = fetched(PIPS[-2], request.config.cache, tmp_path)
    arguments = dev.lock_arguments(later.folder / "test.txt")
    arguments.remove("--no-deps")
    process, found = later.install(old, arguments)
    assert found is None
    assert "must have their versions pinned with ==" in process.stderr
    # It asks for the newer release of a package with an extra, and has no hash for it.
    assert re.search(r"^ +[\w-]+\[[\w-]+\].* from ", process.stderr, re.MULTILINE)


def test_the_image_is_installed_from_its_lock_in_the_same_way(dev):
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (line,) = re.findall(r"^RUN pip install (.* -r .*)$", dockerfile, re.MULTILINE)
    assert line.split() == dev.lock_arguments(LOCKS["production"].path)
