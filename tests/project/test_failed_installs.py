"""When an installation fails, the last line says what failed and what to do.

Each cause is brought about, and pip really runs, with packages that are made here.
"""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import sysconfig
from importlib.metadata import distribution
from pathlib import Path

import pytest
import tornado

from .checkout import PYTHONS, ROOT, load, move, posix_only
from .index import digest, serve, write_source, write_wheel

pytestmark = pytest.mark.slow

# Runs inside the Python of the environment, and breaks what pip does there.
SABOTAGE = """
import builtins, os, sys

cause, genuine = os.environ.get("SABOTAGE"), open
if "install" in sys.orig_argv and cause == "kill":
    os.kill(os.getpid(), 9)
elif cause:
    def sabotaged(path, mode="r", *rest, **options):
        if "w" in mode and "site-packages" in str(path):
            raise OSError(int(cause), os.strerror(int(cause)), str(path))
        return genuine(path, mode, *rest, **options)
    builtins.open = sabotaged
"""


@pytest.fixture(scope="module")
def venv(tmp_path_factory):
    """Make an environment with the pip of the running one, once for all tests here."""
    folder = tmp_path_factory.mktemp("course") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    # Not imported: a process that looks for pip cannot import setuptools, which nbgrader needs.
    shutil.copytree(distribution("pip").locate_file("pip"), packages / "pip")
    (packages / "sabotage.py").write_text(SABOTAGE)
    (packages / "sabotage.pth").write_text("import sabotage\n")
    return folder


class Course:
    """A checkout whose lock holds one package.

    Attributes:
        files: where the files of the index lie.
        pages: what the index serves.
    """

    def __init__(self, root, venv, monkeypatch, capfd):
        self.root, self.capfd, self.pages = root, capfd, {}
        self.files = root / "files"
        for folder in (self.files, root / "requirements", root / "notebooks"):
            folder.mkdir()
        (root / "notebooks/00_start_here.ipynb").touch()
        (root / "requirements/test.txt").write_text("# never installed here\n")
        (root / "pyproject.toml").write_text("[project]\n")
        self.dev = load("dev")
        move(self.dev, monkeypatch, root, venv)

    def lock(self, line="course-package==1.0", hashes=None):
        """Write the lock, by default for the one file of the index."""
        if hashes is None:
            hashes = [digest(path) for path in self.files.iterdir()] or ["sha256:" + "0" * 64]
        text = " ".join([line, *(f"--hash={each}" for each in hashes)])
        (self.root / "requirements/lab.txt").write_text(text + "\n")

    def offer(self, path, attributes=""):
        """Let the index offer a file."""
        self.pages[f"/course-package/{path.name}"] = (200, path.read_bytes())
        page = f'<!DOCTYPE html><a href="{path.name}"{attributes}>{path.name}</a>'
        self.pages["/course-package/"] = (200, page.encode())

    def make_lab(self):
        """Run `make lab`, and return its last line and all that came before."""
        assert self.dev.main(["lab"]) == 1
        captured = self.capfd.readouterr()
        *before, last = captured.err.splitlines()
        assert last.startswith("make lab: pip could not install ")
        log = os.path.join(self.dev.VENV, "pip.log")
        where = " All that pip did is in .venv/pip.log" if os.path.exists(log) else ""
        assert last.endswith("Then run the same command again." + where)
        return last, "\n".join(before)


@pytest.fixture
def course(tmp_path, venv, monkeypatch, capfd):
    for name in os.environ:
        if name.startswith("PIP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_IGNORE_INSTALLED", "1")
    return Course(tmp_path, venv, monkeypatch, capfd)


@pytest.fixture
def index(course, monkeypatch):
    """Serve the index of the course, and let pip ask it alone."""
    with serve(course.pages) as address:
        monkeypatch.setenv("PIP_INDEX_URL", address)
        yield address


@pytest.fixture
def closed_port():
    """Give a port of this machine where nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_without_a_network(course, closed_port, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed_port}")
    course.lock()
    last, before = course.make_lab()
    assert f"The network is the cause: 127.0.0.1:{closed_port} could not be reached." in last
    assert "No matching distribution found" in before, "pip's own words stay visible"


def test_with_a_connection_that_ends_too_early(course, index):
    wheel = write_wheel(course.files, "course-package", "1.0")
    course.offer(wheel)
    course.pages[f"/course-package/{wheel.name}"] = (200, None)
    course.lock()
    assert "The network is the cause: 127.0.0.1" in course.make_lab()[0]


def test_with_a_proxy_that_does_not_answer(course, closed_port, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.invalid")
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    course.lock()
    last, _ = course.make_lab()
    assert "The proxy did not let pip through. Look at HTTPS_PROXY" in last


def test_with_a_certificate_that_is_not_trusted(course, monkeypatch):
    pair = [Path(tornado.__file__).parent / "test" / name for name in ("test.crt", "test.key")]
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*pair)
    course.lock()
    with serve(course.pages, tls) as address:
        monkeypatch.setenv("PIP_INDEX_URL", address)
        last, _ = course.make_lab()
    assert "showed a certificate that is not trusted here" in last
    assert "PIP_CERT" in last


def test_with_an_index_that_refuses(course, index):
    course.pages["/course-package/"] = (403, b"ask first")
    course.lock()
    last, _ = course.make_lab()
    assert f"{index}/course-package/ answered: 403" in last
    assert "Ask whoever runs that index or proxy" in last


def test_with_another_file_than_the_locks(course, index):
    course.offer(write_wheel(course.files, "course-package", "1.0"))
    course.lock(hashes=["sha256:" + "0" * 64])
    last, before = course.make_lab()
    assert "The file of course-package==1.0 is not the one that the lock was made from" in last
    assert "pip cache purge" in last
    assert "network" not in last
    assert "Expected sha256" in before


@pytest.mark.parametrize("line", ["course-package==1.0", "course-package"])
def test_with_a_lock_without_hashes(course, index, line):
    course.offer(write_wheel(course.files, "course-package", "1.0"))
    course.lock(line, hashes=[])
    assert "The lock lacks a version or a hash. Write it anew (make lock)." in course.make_lab()[0]


def test_with_an_index_that_is_behind(course, index):
    course.offer(write_wheel(course.files, "course-package", "0.9"))
    course.lock()
    last, before = course.make_lab()
    assert "The index that pip asked has no course-package==1.0." in last
    assert "(from versions: 0.9)" in before


@pytest.mark.parametrize("case", ["another system", "another Python"])
def test_with_files_for_others_only(course, index, case):
    if case == "another system":
        course.offer(write_wheel(course.files, "course-package", "1.0", tag="py3-none-tricorder"))
    else:
        wheel = write_wheel(course.files, "course-package", "1.0")
        course.offer(wheel, ' data-requires-python="&lt;3"')
    course.lock()
    last, _ = course.make_lab()
    assert "no file of course-package==1.0 for this Python on this machine" in last
    assert f"for Python {PYTHONS[0]} to {PYTHONS[-1]} on" in last


def test_with_a_source_that_does_not_build(course, index):
    course.offer(write_source(course.files, "course-package", "1.0"))
    course.lock()
    last, _ = course.make_lab()
    assert "ready-made file of course-package for this Python" in last
    assert "building it from its source failed" in last
    assert "there is no compiler" in course.dev.read(os.path.join(course.dev.VENV, "pip.log"))


@pytest.mark.parametrize(
    ("number", "said"),
    [(28, "no room on the disk"), (13, "may not be written"), (30, "may not be written")],
)
def test_with_a_disk_that_takes_nothing(course, index, monkeypatch, number, said):
    course.offer(write_wheel(course.files, "course-package", "1.0"))
    course.lock()
    monkeypatch.setenv("SABOTAGE", str(number))
    last, before = course.make_lab()
    assert said in last
    assert f"[Errno {number}]" in before


@posix_only
def test_when_something_ends_pip_it_is_begun_anew(course, index, monkeypatch):
    course.lock()
    monkeypatch.setenv("SABOTAGE", "kill")
    last, _ = course.make_lab()
    assert "Signal 9 ended it. 9 most often means that the memory ran out" in last
    assert course.dev.why_broken() == "an installation into it was interrupted"
    os.remove(course.dev.UNFINISHED)


def test_with_a_cause_that_is_not_known(course, index):
    course.lock("course package==1.0")
    last, before = course.make_lab()
    assert "The reason is not known here; pip's own words are above." in last
    assert "Invalid requirement" in before


def test_with_a_project_that_cannot_be_built(course, index, monkeypatch):
    course.offer(write_wheel(course.files, "course-package", "1.0"))
    course.lock()
    last, _ = course.make_lab()
    assert last.startswith("make lab: pip could not install the project itself.")
    assert "The reason is not known here" in last


def test_a_folder_that_may_not_be_written_is_named(dev, tmp_path, monkeypatch):
    missing = tmp_path / "missing/.venv"
    monkeypatch.setattr(dev, "VENV", str(missing))
    with pytest.raises(dev.Stop, match=rf"cannot write .*{re.escape(str(missing))}"):
        dev.make_environment()


def test_the_sentences_name_the_pythons_of_the_locks():
    why = load("why_pip_failed")
    assert f"{PYTHONS[0]} to {PYTHONS[-1]}" == why.PYTHONS


def test_a_log_of_megabytes_is_read_to_its_end():
    # With a pattern that tries each pair of places this goes on for hours.
    line = (
        "2026-01-01T00:00:00,000 Collecting wheel==1.0\n  Skipping link: not a file, ERROR: none\n"
    )
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'tools')!r}); import why_pip_failed\n"
        f"print(why_pip_failed.explain({line!r} * 40_000, -15, 'the lock'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert "Signal 15 ended it" in done.stdout
