"""What can be told of the container files where no Docker engine runs.

The settings of compose.yaml are handed to the app, and what the Dockerfiles copy has to be there.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
NAMES = ["FLASKLOGIN_SECRET_KEY", "MONGODB_PASSWORD", "MONGODB_ROOT_PASSWORD"]
GIVEN = {name: f"{number}123456789abcdef" * 4 for number, name in enumerate(NAMES)}


def filled_in(text, given):
    """Put values into `${NAME}`, `${NAME:-default}` and `${NAME:?why}`, as Compose does."""

    def value(found):
        name, kind, more = found.groups()
        if given.get(name):
            return given[name]
        if kind == ":-":
            return more
        raise LookupError(f"{name}: {more}")

    return re.sub(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}", value, str(text))


def environment(given):
    """Return what the app is given, when both services have all that they need."""
    filled = [
        {name: filled_in(text, given) for name, text in service["environment"].items()}
        for service in (COMPOSE["services"]["mongodb"], COMPOSE["services"]["app"])
    ]
    return filled[1]


def check_config(settings):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FLASK")}
    command = [sys.executable, "-m", "flask", "--app", "flasklogin_tutorial", "check-config"]
    return subprocess.run(command, env=clean | settings, capture_output=True, text=True)


def test_nothing_is_unsafe_about_the_settings_of_the_composed_app():
    done = check_config(environment(GIVEN))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing is unsafe" in done.stdout


@pytest.mark.parametrize("name", GIVEN)
def test_no_secret_has_a_default(name):
    with pytest.raises(LookupError, match=f"{name}: make one with openssl"):
        environment(GIVEN | {name: ""})


def test_the_app_has_rights_on_its_own_database_only():
    database = COMPOSE["services"]["mongodb"]
    made = COMPOSE["configs"]["app-user"]["content"]
    name = re.search(r'getSiblingDB\("(\w+)"\)', made)[1]
    assert re.findall(r'role: "(\w+)", db: "(\w+)"', made) == [("readWrite", name)]
    user = re.search(r'user: "(\w+)"', made)[1]
    assert user != database["environment"]["MONGO_INITDB_ROOT_USERNAME"]
    assert database["configs"][0]["target"].startswith("/docker-entrypoint-initdb.d/")
    given = environment(GIVEN)
    password = GIVEN["MONGODB_PASSWORD"]
    for setting in ("FLASKLOGIN_MONGODB_URI", "FLASKLOGIN_RATELIMIT_STORAGE_URI"):
        assert given[setting].startswith(f"mongodb://{user}:{password}@mongodb:27017/{name}?")
    assert GIVEN["MONGODB_ROOT_PASSWORD"] not in str(given)


def test_the_database_is_a_replica_set_that_the_app_asks_for():
    database = COMPOSE["services"]["mongodb"]
    command = database["command"]
    replica_set = command[command.index("--replSet") + 1]
    assert f"_id: '{replica_set}'" in database["healthcheck"]["test"][1]
    given = environment(GIVEN)
    assert given["FLASKLOGIN_MONGODB_URI"].endswith(f"?replicaSet={replica_set}")


def test_the_proxy_and_the_names_of_the_app_can_be_set():
    given = GIVEN | {
        "FLASKLOGIN_TRUSTED_HOSTS": '["app.example.org"]',
        "FLASKLOGIN_TRUSTED_PROXIES": "2",
    }
    assert environment(given)["FLASKLOGIN_TRUSTED_PROXIES"] == "2"
    done = check_config(environment(given))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "TRUSTED_PROXIES is 0" not in done.stdout


def test_the_log_cannot_fill_the_disk():
    assert COMPOSE["services"]["app"]["logging"]["options"].keys() == {"max-size", "max-file"}


def test_visitors_reach_the_proxy_only_and_the_app_trusts_it():
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    source = services["proxy"]["configs"][0]["source"]
    conf = (ROOT / COMPOSE["configs"][source]["file"]).read_text("utf-8")
    assert f"server app:{re.search(r'0.0.0.0:([0-9]+)', DOCKERFILE)[1]};" in conf
    inside = services["proxy"]["ports"][0].rpartition(":")[2]
    assert f"listen {inside};" in conf
    assert environment(GIVEN)["FLASKLOGIN_TRUSTED_PROXIES"] == "1"


def test_no_port_is_open_to_other_machines():
    ports = [port for each in COMPOSE["services"].values() for port in each.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("path", ["Dockerfile", ".devcontainer/Dockerfile"])
def test_what_is_copied_is_there_and_is_not_ignored(path):
    text = (ROOT / path).read_text("utf-8")
    kept = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    for sources in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
            assert source in kept


@pytest.fixture
def image(tmp_path):
    """Make the folder that the Dockerfile's lines make in the image."""
    ignored = [
        line.removeprefix("**/")
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("**/")
    ]
    for sources, target in re.findall(r"^COPY (.+) (\S+)$", DOCKERFILE, re.MULTILINE):
        for source in map(ROOT.joinpath, sources.split()):
            place = tmp_path / target
            if source.is_dir():
                shutil.copytree(source, place, ignore=shutil.ignore_patterns(*ignored))
            else:
                place.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, place)
    return tmp_path


def test_the_image_holds_the_app_and_nothing_else_of_the_course(image):
    assert {path.name for path in image.iterdir()} == {"LICENSE", "requirements", "myapp"}
    held = {path.relative_to(image / "myapp") for path in (image / "myapp").rglob("*")}
    app = ROOT / "flasklogin_tutorial" / "app"
    own = {path.relative_to(app) for path in app.rglob("*") if "__pycache__" not in path.parts}
    assert held == own
    assert {path.name for path in held if (app / path).is_dir()} == {"static", "templates", "views"}


def test_what_is_installed_in_the_image_is_the_apps_alone():
    pins = (ROOT / "requirements" / "production.txt").read_text("utf-8")
    names = set(re.findall(r"^([\w-]+)==", pins, re.MULTILINE))
    assert {"flask", "pymongo", "gunicorn"} <= names
    assert not names & {"requests", "mongomock", "flit-core", "pytest", "jupyterlab"}


def test_the_image_serves_the_app_as_a_user_without_rights():
    lines = DOCKERFILE.splitlines()
    assert lines.index("USER app") < next(i for i, s in enumerate(lines) if s.startswith("CMD"))
    command = json.loads(next(line for line in lines if line.startswith("CMD")).removeprefix("CMD"))
    assert command[:2] == ["gunicorn", "--preload"]
    assert command[-1] == "myapp:create_app()"


def test_the_editors_container_has_the_file_it_is_built_from():
    path = ROOT / ".devcontainer" / "devcontainer.json"
    lines = path.read_text("utf-8").splitlines()
    settings = json.loads("\n".join(line for line in lines if not line.strip().startswith("//")))
    assert (path.parent / settings["build"]["dockerfile"]).exists()
