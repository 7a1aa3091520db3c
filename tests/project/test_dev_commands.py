"""What the course is installed from: the lists of packages, the locks, Binder, `make`.

Nothing here needs a network. What a lock installs is seen by whoever runs `make test`; here the
lists are compared with one another, and tools/dev.py is run where it must refuse or do nothing.
"""

import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import urllib.request
from itertools import product
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "platform_machine": "x86_64", "os_name": "posix"},
    "Linux on ARM": {"sys_platform": "linux", "platform_machine": "aarch64", "os_name": "posix"},
    "macOS": {"sys_platform": "darwin", "platform_machine": "arm64", "os_name": "posix"},
    "macOS on Intel": {"sys_platform": "darwin", "platform_machine": "x86_64", "os_name": "posix"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"},
}
PLATFORM_SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs signals and a POSIX shell")


def load(name):
    """Import a script from tools/ under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"{name}_under_test", ROOT / f"tools/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


lock = load("lock")
LOCKS = {Path(each.path).stem: each for each in lock.LOCKS}


@pytest.fixture
def dev():
    return load("dev")


# ---- the lists of packages


def named(requirements):
    """Map the canonical name of each requirement to the requirement."""
    parsed = map(Requirement, requirements)
    return {canonicalize_name(requirement.name): requirement for requirement in parsed}


def pins(name):
    """List the pins of a lock as requirements, each with the set of its hashes."""
    text = (ROOT / LOCKS[name].path).read_text(encoding="utf-8")
    logical_lines = text.replace("\\\n", "").splitlines()
    found = []
    for line in logical_lines:
        if re.match(r"[a-z0-9]", line):
            requirement, *hashes = line.split("--hash=")
            found.append((Requirement(requirement), {digest.strip() for digest in hashes}))
    return found


def machine(python, system):
    """Return what the markers of a requirement look at, for one Python on one system."""
    return {
        "python_version": python,
        # The oldest release that counts: some packages drop the first few.
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "platform_python_implementation": "CPython",
        "platform_system": PLATFORM_SYSTEMS[SYSTEMS[system]["sys_platform"]],
        "platform_release": "",
        "platform_version": "",
        "extra": "",
        **SYSTEMS[system],
    }


def pinned(name, python, system):
    """Map each package that a lock installs on a machine to its versions."""
    found = {}
    for requirement, _ in pins(name):
        if requirement.marker is None or requirement.marker.evaluate(machine(python, system)):
            (version,) = requirement.specifier
            found.setdefault(canonicalize_name(requirement.name), []).append(version.version)
    return found


def conda_list(path):
    """Read a list for conda: its own packages with their bounds, and pip's lines."""
    conda, pip = {}, []
    for line in yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))["dependencies"]:
        if isinstance(line, dict):
            pip = line["pip"]
        else:
            name, bounds = re.fullmatch(r"([\w.-]+)(.*)", line).groups()
            conda[canonicalize_name(name)] = bounds
    return conda, pip


def bounds_of(requirements):
    return {name: requirement.specifier for name, requirement in named(requirements).items()}


@pytest.mark.parametrize(
    ("path", "extra", "local"),
    [
        ("environment.yml", EXTRAS["lab"], True),
        # Binder brings its own JupyterLab and ipykernel.
        ("binder/environment.yml", EXTRAS["lab"][2:], False),
    ],
)
def test_a_conda_list_is_what_pyproject_asks_for(path, extra, local):
    conda, pip = conda_list(path)
    python = conda.pop("python")
    assert re.fullmatch(r"=3\.\d+", python), "Binder understands no other form than python=3.12"
    assert python.strip("=") in PYTHONS
    assert "pip" in conda, "conda complains about a pip: list without pip"
    del conda["pip"]

    assert ("-e ." in pip) == local
    pip = [line for line in pip if line != "-e ."]
    # The first is not on conda-forge; whether the second is has not been looked up.
    assert list(named(pip)) == ["flask-mongoengine-3", "zxcvbn"]
    listed = {name: SpecifierSet(bounds) for name, bounds in conda.items()} | bounds_of(pip)
    assert listed == bounds_of([*PROJECT["dependencies"], *extra])


def test_every_requirement_has_an_upper_bound():
    everything = [*PROJECT["dependencies"], *PYPROJECT["build-system"]["requires"]]
    for extra in EXTRAS.values():
        everything += extra
    names = named(everything)
    del names["flasklogin-tutorial"]
    for name, requirement in names.items():
        operators = {each.operator for each in requirement.specifier}
        assert operators & {"==", "<"}, f"{name} has no upper bound"


# ---- the locks


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_not_stale(name):
    assert lock.problem(LOCKS[name], PYPROJECT) is None


@pytest.mark.parametrize("name", LOCKS)
def test_a_stale_lock_is_noticed(name, tmp_path):
    each = LOCKS[name]
    assert "is missing" in lock.problem(each, PYPROJECT, tmp_path)

    (tmp_path / each.path).parent.mkdir()
    text = (ROOT / each.path).read_text(encoding="utf-8")
    (tmp_path / each.path).write_text(text, encoding="utf-8")
    assert lock.problem(each, PYPROJECT, tmp_path) is None
    asked = PYPROJECT | {"project": PROJECT | {"dependencies": [*PROJECT["dependencies"], "x<2"]}}
    assert "other requirements" in lock.problem(each, asked, tmp_path)

    (tmp_path / each.path).write_text(text.replace("flask==3", "flask==2"), encoding="utf-8")
    assert "by hand" in lock.problem(each, PYPROJECT, tmp_path)
    (tmp_path / each.path).write_text("flask==3.1.3\n", encoding="utf-8")
    assert "does not begin with" in lock.problem(each, PYPROJECT, tmp_path)


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize(("python", "system"), list(product(PYTHONS, SYSTEMS)))
def test_a_lock_pins_each_requirement_once_and_within_bounds(name, python, system):
    found = pinned(name, python, system)
    twice = {package: versions for package, versions in found.items() if len(versions) > 1}
    assert not twice
    for package, requirement in named(lock.requirements(LOCKS[name], PYPROJECT)).items():
        marker = requirement.marker
        if marker is None or marker.evaluate(machine(python, system)):
            assert requirement.specifier.contains(found[package][0], prereleases=True), package


def test_every_pin_has_hashes():
    for name in LOCKS:
        assert [str(pin) for pin, hashes in pins(name) if not hashes] == []


def test_lab_installs_a_part_of_what_test_installs():
    test_pins = {(pin.name, str(pin.specifier)): hashes for pin, hashes in pins("test")}
    for pin, hashes in pins("lab"):
        assert test_pins[pin.name, str(pin.specifier)] == hashes
    for python, system in product(PYTHONS, SYSTEMS):
        lab, test = pinned("lab", python, system), pinned("test", python, system)
        assert lab.items() <= test.items(), f"Python {python} on {system}"


# ---- Binder

RENDER = """
import json
from repo2docker.app import Repo2Docker
from repo2docker.utils import get_platform

tool = Repo2Docker()
pack = next(p for p in (each(base_image=tool.base_image) for each in tool.buildpacks) if p.detect())
pack.platform = tool.platform or get_platform()
rendered = pack.render({"NB_UID": 1000})
print(json.dumps([type(pack).__name__, pack.python_version, rendered]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="repo2docker does not run on Windows")
def test_binder_builds_from_its_own_list_and_keeps_the_layer_when_a_notebook_changes():
    pytest.importorskip("repo2docker", reason="repo2docker is in requirements/test.txt")
    # In a process of its own, because it looks at the current folder and imports docker.
    process = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RENDER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert process.returncode == 0, process.stderr
    pack, python, dockerfile = json.loads(process.stdout.splitlines()[-1])
    assert pack == "CondaBuildPack"
    assert python == conda_list("binder/environment.yml")[0]["python"].strip("=")

    update = re.search(r'env update .*--file "(.*?)"', dockerfile)
    assert update[1] == "binder/environment.yml"
    everything = re.search(r"^COPY .*\bsrc/ ", dockerfile, re.MULTILINE)
    assert update.start() < everything.start()
    before = re.findall(r"^COPY .*?\bsrc/(\S*)", dockerfile[: update.start()], re.MULTILINE)
    assert before == ["binder/environment.yml"], "the costly layer depends on these files"
    assert dockerfile.index("RUN ./binder/postBuild") > everything.start()


@posix_only
@pytest.mark.parametrize("path", ["binder/postBuild", ".ci/run"])
def test_a_script_can_be_run(path):
    assert os.access(ROOT / path, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / path]).returncode == 0


def test_postbuild_adds_the_project_and_no_package():
    commands = (ROOT / "binder/postBuild").read_text(encoding="utf-8").splitlines()
    (pip,) = [line.split() for line in commands if " pip " in line]
    assert "--no-deps" in pip
    assert pip[-2:] == ["-e", "."]


def test_the_workflow_tries_each_python_that_is_promised():
    promised = [line for line in PROJECT["classifiers"] if ":: Python :: 3." in line]
    assert tuple(line.rpartition(" ")[2] for line in promised) == PYTHONS
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    assert tuple(workflow["jobs"]["locked"]["strategy"]["matrix"]["python"]) == PYTHONS


# ---- what no file may name

# Put together here, so that this file does not name them either.
HOSTS = "|".join((r"py" r"pi\.org", r"python" r"hosted\.org", r"npm" r"js\.(?:org|com)"))
HOME = r"(?:ro" r"ot|home/(?!jovyan\b)[\w.-]+|Us" r"ers/[\w.-]+|wo" r"rk|tm" r"p/[\w.-]+)"
FORBIDDEN = re.compile(rf"{HOSTS}|(?<![\w.}}])/{HOME}/[\w./-]*|\b[A-Z]:\\Users\\", re.IGNORECASE)


def files():
    """List the files of the project as git sees them, or, without git, as they lie there."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        process = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:
        process = None
    if process and process.returncode == 0:
        names = sorted(set(process.stdout.split("\0")) - {""})
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    made = {".venv", ".git", "node_modules", "__pycache__", "_output"}
    return [path for path in ROOT.rglob("*") if path.is_file() and made.isdisjoint(path.parts)]


def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    said = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for match in FORBIDDEN.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            said.append(f"{path.relative_to(ROOT)}:{line}: {match[0]}")
    assert said == []


@pytest.mark.parametrize(
    "text",
    [
        "https://py" + "pi.org/simple",
        "https://registry.npm" + "js.org/x",
        "see /ro" + "ot/x",
        "'/ho" + "me/ada/course/x'",
        "/Us" + "ers/ada/x",
        "/tm" + "p/scratch/x",
    ],
)
def test_the_search_for_such_names_finds_them(text):
    assert FORBIDDEN.search(text)


# ---- make


def make(*arguments):
    """Run make in the checkout and return the process when it has ended."""
    # `make test` hands its own arguments to every make beneath it in these.
    beneath = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")
    return subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={name: value for name, value in os.environ.items() if name not in beneath},
    )


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


@needs_make
def test_make_alone_prints_the_targets(dev):
    process = make(f"PYTHON={sys.executable}")
    assert process.returncode == 0, process.stderr
    assert process.stdout == dev.HELP + "\n"


def test_the_help_names_each_target_of_the_makefile(dev):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    assert set(targets) == set(dev.COMMANDS)
    for target in targets:
        assert re.search(rf"^make {target} ", dev.HELP, re.MULTILINE)


@needs_make
@posix_only
def test_make_says_in_one_line_that_there_is_no_python():
    process = make("lab", "PYTHON=no-such-python")
    assert process.returncode != 0
    said, makes_own = process.stderr.splitlines()
    assert "no 'no-such-python' on this machine. Install Python 3.11 or newer" in said
    assert makes_own.startswith("make: ***")


def test_an_unknown_command_is_answered_with_the_known_ones(dev, capsys):
    assert dev.main(["lba"]) == 2
    assert dev.HELP in capsys.readouterr().out


def test_an_old_python_is_refused_in_one_line(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev.sys, "version_info", (3, 10, 13, "final", 0))
    monkeypatch.setattr(dev, "find_newer_python", lambda: None)
    monkeypatch.setattr(dev, "install", lambda level: pytest.fail("went on to install"))
    assert dev.main(["lab"]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said == (
        "make lab: Python 3.11 or newer is needed, this is 3.10.13. Install it, and if it is not "
        "the first on the PATH, name it: make lab PYTHON=python3.12"
    )


def old_pythons():
    """List the interpreters on this machine that the course is too new for."""
    names = ["python2.7", *(f"python3.{minor}" for minor in range(11))]
    found = [path for path in map(shutil.which, names) if path]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in ("2.7", *(f"3.{minor}" for minor in range(11))):
        found += map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python")))
    return found


def test_a_real_old_python_says_the_same(tmp_path):
    # In a folder where there is nothing to install, should it go on.
    script = tmp_path / "tools/dev.py"
    script.parent.mkdir()
    shutil.copy(ROOT / "tools/dev.py", script)
    tried = 0
    for python in old_pythons():
        alone = subprocess.run([python, "-c", ""], capture_output=True)
        if alone.returncode != 0:
            continue  # a stand-in of a version manager
        process = subprocess.run(
            [python, str(script), "lab"], capture_output=True, text=True, timeout=60
        )
        assert process.returncode == 1, python
        (said,) = process.stderr.splitlines()
        assert re.match(
            r"make lab: Python 3\.11 or newer is needed, this is [23]\.\d+\.\d+\.", said
        )
        assert "make lab PYTHON=python3." in said
        tried += 1
    if not tried:
        pytest.skip("no Python older than 3.11 on this machine")


def test_a_python_without_ensurepip_is_refused_in_one_line(tmp_path):
    # What Debian's Python is like without the package python3-venv.
    (tmp_path / "ensurepip.py").write_text("raise ImportError('No module named ensurepip')")
    (tmp_path / "bare/tools").mkdir(parents=True)
    for path in ("tools/dev.py", "pyproject.toml", "requirements", "notebooks/00_start_here.ipynb"):
        target = tmp_path / "bare" / path
        target.parent.mkdir(exist_ok=True)
        (shutil.copytree if (ROOT / path).is_dir() else shutil.copy)(ROOT / path, target)
    # Should it go on, pip has no network to go to.
    process = subprocess.run(
        [sys.executable, tmp_path / "bare/tools/dev.py", "lab"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PIP_NO_INDEX": "1"},
    )
    assert process.returncode == 1
    (said,) = process.stderr.splitlines()
    version = "python{}.{}".format(*sys.version_info)
    assert said.startswith("make lab: this Python cannot make a virtual environment")
    assert said.endswith(f"apt-get install {version}-venv")


# ---- the installation


class Machine:
    """A checkout in which nothing is really installed: it notes what would have been run.

    Attributes:
        calls: what was run, each as one line, since the last look.
        fails: the installation ends with this status, or with this exception.
        answer: what the Python of .venv says of itself.
    """

    def __init__(self, dev, root, monkeypatch):
        self.dev, self.root, self.calls, self.fails = dev, root, [], 0
        self.answer = None
        for path in ("pyproject.toml", "requirements/lab.txt", "requirements/test.txt"):
            (root / path).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / path, root / path)
        venv = root / ".venv"
        places = {"ROOT": root, "VENV": venv, "BIN": venv / "bin", "PYTHON": venv / "bin/python"}
        places |= {"STAMP": venv / "installed.txt", "UNFINISHED": venv / "unfinished.txt"}
        for name, path in places.items():
            monkeypatch.setattr(dev, name, str(path))
        monkeypatch.setattr(dev, "call", self.call)
        monkeypatch.setattr(dev.subprocess, "check_output", self.check_output)
        monkeypatch.chdir(root)

    def call(self, command, variables):
        line = " ".join(command[1:])
        self.calls.append(line)
        if "-m venv" in line:
            Path(self.dev.BIN).mkdir(parents=True, exist_ok=True)
            Path(self.dev.PYTHON).touch()
        elif self.fails:
            if isinstance(self.fails, int):
                return self.fails
            raise self.fails
        return 0

    def check_output(self, command, **options):
        if not Path(self.dev.PYTHON).exists():
            raise FileNotFoundError(self.dev.PYTHON)
        answer = self.answer or "{}.{}\n{}".format(*sys.version_info[:2], self.dev.VENV)
        return answer.encode()

    def install(self, level):
        """Install, and return which locks pip was given, and whether .venv was made."""
        self.calls.clear()
        self.dev.install(level)
        return self.seen()

    def seen(self):
        made = ["made"] if any("-m venv" in line for line in self.calls) else []
        return made + re.findall(r"-r requirements/(\w+)\.txt", "\n".join(self.calls))


@pytest.fixture
def checkout(dev, tmp_path, monkeypatch):
    return Machine(dev, tmp_path, monkeypatch)


def test_the_second_time_nothing_is_installed(checkout):
    assert checkout.install("lab") == ["made", "lab"]
    assert checkout.install("lab") == []
    assert checkout.calls == []


def test_test_comes_on_top_of_lab_and_holds_it(checkout):
    checkout.install("lab")
    assert checkout.install("test") == ["test"]
    assert checkout.install("test") == []
    assert checkout.install("lab") == []


def test_pip_checks_hashes_and_the_project_itself_brings_nothing(checkout):
    checkout.install("lab")
    packages, project = checkout.calls[1:]
    assert "--require-hashes" in packages
    assert "--no-deps" in project
    assert "--no-build-isolation" in project
    assert project.endswith("-e .")


@pytest.mark.parametrize("path", ["requirements/lab.txt", "requirements/test.txt"])
def test_another_lock_is_installed(checkout, path):
    checkout.install("test")
    with open(checkout.root / path, "a") as file:
        file.write("# changed\n")
    assert checkout.install("test") == ["test"]


def test_another_setting_of_a_tool_installs_nothing(checkout):
    checkout.install("lab")
    pyproject = checkout.root / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(text.replace("line-length = 100", "line-length = 99"), encoding="utf-8")
    assert checkout.install("lab") == []
    pyproject.write_text(text.replace('version = "0.1.0"', 'version = "0.2.0"'), encoding="utf-8")
    assert checkout.install("lab") == ["lab"]


def test_a_failed_installation_is_tried_again(checkout, dev):
    checkout.install("lab")
    checkout.fails = 1
    with pytest.raises(dev.Stop, match=r"pip could not install requirements/test\.txt.*network"):
        checkout.install("test")
    checkout.fails = 0
    assert checkout.install("lab") == [], "what was there before still works"
    assert checkout.install("test") == ["test"]


def test_an_interrupted_installation_is_begun_anew(checkout):
    checkout.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        checkout.install("lab")
    checkout.fails = 0
    assert checkout.install("lab") == ["made", "lab"]
    assert checkout.install("lab") == []


@pytest.mark.parametrize("harm", ["no python", "other python", "not its own", "moved"])
def test_a_broken_environment_is_made_anew(checkout, dev, harm):
    checkout.install("lab")
    if harm == "no python":
        Path(dev.PYTHON).unlink()
    elif harm == "other python":
        checkout.answer = f"3.9\n{dev.VENV}"
    elif harm == "not its own":
        checkout.answer = "{}.{}\n{}".format(*sys.version_info[:2], checkout.root)
    else:
        stamp = Path(dev.STAMP)
        stamp.write_text(stamp.read_text(encoding="utf-8").replace(dev.ROOT, "elsewhere"))
    assert checkout.install("lab") == ["made", "lab"]


def test_nothing_of_the_home_folder_is_used(dev, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "somewhere")
    variables = dev.environment()
    assert "PYTHONPATH" not in variables
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        assert Path(variables[name]).is_relative_to(dev.VENV)


# ---- make lab


@pytest.mark.parametrize(
    ("platform", "variables", "screen"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"DISPLAY": ":0", "CI": "true"}, False),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_browser_is_opened_where_there_is_a_screen(dev, monkeypatch, platform, variables, screen):
    for name in ("CI", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(dev.sys, "platform", platform)
    assert dev.has_screen() is screen


LAB = """
import sys
sys.path.insert(0, "tools")
import dev

dev.VENV, dev.PYTHON, dev.install = sys.argv[1], sys.executable, lambda level: None
sys.exit(dev.main(["lab", "--no-browser", "--port=0"]))
"""


class Lab:
    """`make lab` with the packages of the running Python, as if in a terminal of its own.

    Attributes:
        process: the one of tools/dev.py, which leads a group.
        home: what it takes for the home folder.
    """

    def __init__(self, folder):
        self.log, self.home = folder / "log.txt", folder / "home"
        self.home.mkdir()
        # As some real programs do when they are merely asked something.
        npm = folder / "programs/npm"
        npm.parent.mkdir()
        npm.write_text('#!/bin/sh\nmkdir "$HOME/.npm"\n')
        npm.chmod(0o755)
        path = os.pathsep.join([str(npm.parent), os.environ["PATH"]])
        self.terminal, keyboard = os.openpty()
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", LAB, str(folder / "venv")],
                cwd=ROOT,
                stdin=keyboard,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | {"HOME": str(self.home), "PATH": path},
                start_new_session=True,
            )
        os.close(keyboard)

    def wait_for(self, pattern):
        """Return the match of a pattern in what was printed, or fail when it does not come."""
        for _ in range(300):
            match = re.search(pattern, self.log.read_text())
            if match:
                return match
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        pytest.fail(f"no {pattern!r} in:\n{self.log.read_text()}")

    def press_ctrl_c(self):
        """Interrupt it, and return its exit status and what it has printed."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(20), self.log.read_text()

    def end(self):
        """End it for certain, and what it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.terminal)


@pytest.fixture
def lab(tmp_path):
    lab = Lab(tmp_path)
    yield lab
    lab.end()


@posix_only
def test_lab_serves_the_first_notebook_on_this_machine_only_and_ends_with_ctrl_c(lab):
    address = lab.wait_for(r"(http://\S+?)(/lab/tree/\S+)(\?token=\w+)")
    assert address[1].startswith("http://127.0.0.1:")
    assert address[2] == "/lab/tree/notebooks/00_start_here.ipynb"
    with urllib.request.urlopen(f"{address[1]}/api", timeout=10) as answer:
        assert "version" in json.load(answer)
    # Answers when the search for language servers is over.
    urllib.request.urlopen(f"{address[1]}/lsp/status{address[3]}", timeout=20).close()
    status, said = lab.press_ctrl_c()
    assert status == 0
    assert "Traceback" not in said
    assert list(lab.home.iterdir()) == []


@posix_only
def test_ctrl_c_while_lab_starts_shows_no_traceback(lab):
    lab.wait_for("is starting")
    time.sleep(0.5)  # Python itself has started, JupyterLab has not
    status, said = lab.press_ctrl_c()
    assert status in (0, 130)
    assert "Traceback" not in said
