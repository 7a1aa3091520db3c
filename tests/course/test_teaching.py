"""The teacher's guide agrees with the notebooks, and the settings of the hub with one another."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

from flasklogin_tutorial.exercises import all_exercises

from .notebook_rules import Notebook, notebooks_in

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "docs" / "teaching"
HUB = GUIDE / "hub"
NOTEBOOKS = {
    number: Notebook.read(path) for number, path in notebooks_in(ROOT / "notebooks").items()
}
LINK = re.compile(r"\]\(\.\./\.\./notebooks/(\d\d[a-z]?)_\w+\.ipynb\)")

sys.path.insert(0, str(ROOT / "tools"))
import hub_links  # noqa: E402
from generated import Wrong, plan  # noqa: E402


def rows(heading):
    """Return the cells of the rows of the table below a heading of the guide."""
    below = (GUIDE / "README.md").read_text("utf-8").partition(f"\n## {heading}\n")[2]
    lines = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def minutes_of(cell):
    """Add up the minutes of the notebooks that a cell links to."""
    return sum(NOTEBOOKS[number].minutes for number in LINK.findall(cell))


# ---- the plan


@pytest.mark.parametrize(("heading", "length"), [("90 minutes", 90), ("Half a day", 240)])
def test_a_lesson_takes_the_minutes_of_its_notebooks_and_no_more_than_it_has(heading, length):
    *parts, (_, _, together) = rows(heading)
    for _, notebooks, minutes in parts:
        if notebooks:
            assert int(minutes) == minutes_of(notebooks)
    assert together == f"**{length}**"
    assert sum(int(minutes) for _, _, minutes in parts) == length


def test_a_week_takes_the_minutes_of_its_notebooks():
    weeks = [week for heading in ("13 weeks", "Part 4") for week in rows(heading)[:-1]]
    assert [week for week, *_ in weeks] == [str(number + 1) for number in range(len(weeks))]
    assert len(rows("13 weeks")[:-1]) == 13
    for _, notebooks, minutes, left, _ in weeks:
        assert (int(minutes), int(left)) == (minutes_of(notebooks), 90 - minutes_of(notebooks))


def test_a_term_and_the_weeks_after_it_have_every_notebook_once():
    found = [number for week, _ in (*plan.TERM, *plan.LONGER) for number in week]
    assert found == list(NOTEBOOKS)
    weeks = rows("13 weeks") + rows("Part 4")
    linked = [number for _, cell, *_ in weeks for number in LINK.findall(cell)]
    assert linked == list(NOTEBOOKS)


def test_a_lesson_that_takes_too_long_is_not_written(monkeypatch):
    parts = (plan.Part("everything", tuple(NOTEBOOKS)),)
    monkeypatch.setitem(plan.LESSONS, "90 minutes", (90, parts, "close"))
    with pytest.raises(Wrong, match="too many"):
        plan.make(ROOT)


# ---- the pages


def test_every_notebook_has_its_part_of_the_guide():
    page = (GUIDE / "notebooks.md").read_text("utf-8")
    parts = dict(re.findall(r"^## (\d\d[a-z]? .+)\n((?:(?!## ).*\n)+)", page, re.MULTILINE))
    assert [f"{number} {one.title}" for number, one in NOTEBOOKS.items()] == list(parts)
    for heading, part in parts.items():
        for label in ("The idea.", "What people believe.", "On the board.", "Together."):
            assert f"**{label}**" in part, heading
        assert "https://" in part, f"{heading} names no source"


@pytest.mark.parametrize("path", sorted(GUIDE.rglob("*.md")), ids=lambda path: path.name)
def test_a_page_names_only_exercises_that_are_there(path):
    named = re.findall(r"\b[Ee]xercise (\d+\.\d)\b", path.read_text("utf-8"))
    assert set(named) <= {one.number for one in all_exercises()}


def test_the_rules_to_sign_fit_on_a_page():
    assert len((GUIDE / "ethics.md").read_text("utf-8").split()) < 450


# ---- the hub


def load(name, monkeypatch, **settings):
    """Load a configuration as JupyterHub does that was started somewhere else."""
    for key, value in settings.items():
        monkeypatch.setenv(key, value)
    return PyFileConfigLoader(str(HUB / name), path=str(ROOT)).load_config()


def test_the_trial_hub_has_the_limits_of_the_class_and_listens_here_alone(monkeypatch, tmp_path):
    settings = {"HUB_PASSWORD": "x" * 12, "HUB_HOMES": str(tmp_path), "HUB_PORT": "9000"}
    trial = load("trial_config.py", monkeypatch, **settings)
    own = load("jupyterhub_config.py", monkeypatch)
    for name in ("active_server_limit", "concurrent_spawn_limit", "services", "load_roles"):
        assert trial.JupyterHub[name] == own.JupyterHub[name]
    assert trial.Spawner.mem_limit == own.Spawner.mem_limit
    for address in (
        trial.JupyterHub.bind_url,
        trial.JupyterHub.hub_bind_url,
        trial.ConfigurableHTTPProxy.api_url,
    ):
        assert urlsplit(address).hostname == "127.0.0.1"


def test_the_trial_hub_has_no_password_of_its_own(monkeypatch):
    monkeypatch.delenv("HUB_PASSWORD", raising=False)
    with pytest.raises(SystemExit, match="HUB_PASSWORD"):
        load("trial_config.py", monkeypatch)


def test_no_other_configuration_lets_anybody_in():
    for path in HUB.iterdir():
        if path.name != "trial_config.py" and path.suffix in (".py", ".yaml"):
            said = [
                line for line in path.read_text("utf-8").splitlines() if "dummy" in line.lower()
            ]
            assert all(line.lstrip().startswith("#") for line in said), path.name


def test_the_hubs_have_the_same_limits(monkeypatch):
    own = load("jupyterhub_config.py", monkeypatch, HUB_PLACES="34")
    tljh = yaml.safe_load((HUB / "tljh.yaml").read_text("utf-8"))
    more = load("tljh_limits.py", monkeypatch)
    values = yaml.safe_load((HUB / "values.yaml").read_text("utf-8"))
    memory = {tljh["limits"]["memory"], values["singleuser"]["memory"]["limit"]}
    assert memory == {own.Spawner.mem_limit}
    assert {tljh["limits"]["cpu"], values["singleuser"]["cpu"]["limit"]} == {own.Spawner.cpu_limit}
    timeout = own.JupyterHub.services[0]["command"][-1].removeprefix("--timeout=")
    assert tljh["services"]["cull"]["timeout"] == values["cull"]["timeout"] == int(timeout)
    assert own.Spawner.default_url == values["singleuser"]["defaultUrl"] == "/lab"
    assert values["hub"]["config"]["KubeSpawner"]["args"] == own.Spawner.args
    for name in ("active_server_limit", "concurrent_spawn_limit"):
        assert more.JupyterHub[name] == own.JupyterHub[name]
    for name in ("args", "start_timeout", "http_timeout"):
        assert more.Spawner[name] == own.Spawner[name]


def test_the_commands_for_tljh_write_its_file():
    page = (HUB / "README.md").read_text("utf-8")
    written = {}
    for path, value in re.findall(r"tljh-config set (\S+) (\S+)", page):
        *above, last = path.split(".")
        place = written
        for name in above:
            place = place.setdefault(name, {})
        place[last] = yaml.safe_load(value.lower() if value in ("True", "False") else value)
    assert written == yaml.safe_load((HUB / "tljh.yaml").read_text("utf-8"))


def test_a_link_opens_an_exercise_of_the_repository():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "hub_links.py", "https://hub.example.org/"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    links = re.findall(r"https://\S+", done.stdout)
    assert len(links) == len(list((ROOT / "notebooks" / "exercises").glob("*.ipynb"))) > 0
    for link in links:
        parts = urlsplit(link)
        assert (parts.netloc, parts.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert query["repo"] == hub_links.REPOSITORY
        path = query["urlpath"].removeprefix(f"lab/tree/{query['targetpath']}/")
        assert (ROOT / path).is_file()
    assert "OWNER" in done.stderr


@pytest.mark.parametrize("path", sorted(HUB.glob("*.py")), ids=lambda path: path.name)
def test_a_configuration_compiles(path):
    compile(path.read_text("utf-8"), path, "exec")
