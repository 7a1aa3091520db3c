"""The lists of packages are the same everywhere, and the locks hold what they ask for.

Nothing here needs a network: the lists are compared with one another.
"""

import re
import subprocess
import sys
from itertools import product

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from .checkout import LOCKS, PROJECT, PYPROJECT, PYTHONS, ROOT, lock, lock_needs, text_of

EXTRAS = PROJECT["optional-dependencies"]

# ---- the lists of packages


def named(requirements):
    """Map the canonical name of each requirement to the requirement."""
    parsed = map(Requirement, requirements)
    return {canonicalize_name(requirement.name): requirement for requirement in parsed}


def pins(name):
    """List the pins of a lock."""
    return lock_needs.pins(text_of(name))


def pinned(name, python, system):
    """Map each package that a lock installs on a machine to its versions."""
    found = {}
    # The oldest release counts: some packages drop the first few.
    here = lock_needs.machine(f"{python}.0", system)
    for pin in pins(name):
        if pin.requirement.marker is None or pin.requirement.marker.evaluate(here):
            found.setdefault(pin.name, []).append(pin.version)
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
    # The first is not on conda-forge; whether the others are has not been looked up.
    assert list(named(pip)) == [
        "flask-mongoengine-3",
        "zxcvbn",
        "ua-parser",
        "precis-i18n",
        "confusable-homoglyphs",
        "pyotp",
        "segno",
        "webauthn",
    ]
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
    text = text_of(name)
    (tmp_path / each.path).write_text(text, encoding="utf-8")
    assert lock.problem(each, PYPROJECT, tmp_path) is None
    asked = PYPROJECT | {"project": PROJECT | {"dependencies": [*PROJECT["dependencies"], "x<2"]}}
    assert "other requirements" in lock.problem(each, asked, tmp_path)

    (tmp_path / each.path).write_text(text.replace("flask==3", "flask==2"), encoding="utf-8")
    assert "by hand" in lock.problem(each, PYPROJECT, tmp_path)
    (tmp_path / each.path).write_text("flask==3.1.3\n", encoding="utf-8")
    assert "does not begin with" in lock.problem(each, PYPROJECT, tmp_path)


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize(("python", "system"), list(product(PYTHONS, lock_needs.SYSTEMS)))
def test_a_lock_pins_each_requirement_once_and_within_bounds(name, python, system):
    found = pinned(name, python, system)
    twice = {package: versions for package, versions in found.items() if len(versions) > 1}
    assert not twice
    for package, requirement in named(lock.requirements(LOCKS[name], PYPROJECT)).items():
        marker = requirement.marker
        if marker is None or marker.evaluate(lock_needs.machine(f"{python}.0", system)):
            assert requirement.specifier.contains(found[package][0], prereleases=True), package


def test_every_pin_has_hashes():
    for name in LOCKS:
        assert [pin for pin in pins(name) if not pin.hashes] == []


def test_lab_installs_a_part_of_what_test_installs():
    test_pins = {(pin.name, pin.version): pin.hashes for pin in pins("test")}
    for pin in pins("lab"):
        assert test_pins[pin.name, pin.version] == pin.hashes
    for python, system in product(PYTHONS, lock_needs.SYSTEMS):
        lab, test = pinned("lab", python, system), pinned("test", python, system)
        assert lab.items() <= test.items(), f"Python {python} on {system}"


def without(text, package):
    """Take a package out of the text of a lock."""
    shorter, times = re.subn(rf"(?m)^{package}==.*\n(?:    .*\n)+", "", text)
    assert times, f"{package} is not in it"
    return shorter


@pytest.fixture
def changed(tmp_path):
    """Give a function that changes a lock as if `make lock` had written it, in a copy of all."""

    def change(name, edit):
        (tmp_path / "requirements").mkdir()
        for each in LOCKS.values():
            text = (ROOT / each.path).read_text(encoding="utf-8")
            if each is LOCKS[name]:
                pins = edit(text.partition("\n# pins ")[2].partition("\n")[2])
                text = lock.header(each, PYPROJECT, pins) + pins
            (tmp_path / each.path).write_text(text, encoding="utf-8")
        return lock.check(PYPROJECT, tmp_path)

    return change


def test_nothing_is_wrong_with_the_locks(changed):
    assert lock.check(PYPROJECT) == []
    assert changed("lab", lambda pins: pins) == []


@pytest.mark.parametrize(
    ("name", "package", "asker"),
    [
        ("test", "flask-login", "pyproject.toml requires Flask-Login"),
        ("production", "itsdangerous", "flask requires itsdangerous"),
        # Required by an extra alone.
        ("lab", "webcolors", "jsonschema[format-nongpl] requires webcolors"),
        # Required on another system alone, wherever this runs.
        ("lab", "colorama", "ipython requires colorama"),
        ("lab", "appnope", "ipykernel requires appnope"),
    ],
)
def test_a_requirement_that_a_lock_lacks_is_noticed(changed, name, package, asker):
    said = changed(name, lambda pins: without(pins, package))
    assert any(
        line.startswith(f"{LOCKS[name].path}: {asker}") and f"{package} is not in it" in line
        for line in said
    ), said
    assert all("`make lock`" in line for line in said)


def test_a_version_that_does_not_fit_is_noticed(changed):
    said = changed("test", lambda pins: re.sub(r"(?m)^click==\S+", "click==1.0", pins))
    assert any(re.search("flask requires click>=8.*, and 1.0 is in it", line) for line in said)
    assert any("click 1.0 is not installed here" in line and "`make test`" in line for line in said)


def test_without_the_packages_the_check_says_how_to_run_it():
    # -S: without what is installed in the environment.
    command = [sys.executable, "-S", ROOT / "tools/lock.py", "--check"]
    process = subprocess.run(command, capture_output=True, text=True)
    assert process.returncode == 1
    assert process.stderr == (
        "lock: packaging is not installed in this Python. Run the check with that of .venv.\n"
    )


def test_what_the_check_cannot_read_it_names(capsys):
    assert lock.main(["--check"]) == 0
    said = capsys.readouterr().out
    unread = {
        name
        for name, other in {"appnope": "darwin", "colorama": "win32"}.items()
        if sys.platform != other
    }
    for name in ("appnope", "colorama", "flask"):
        assert (f" {name} " in said) == (name in unread)
