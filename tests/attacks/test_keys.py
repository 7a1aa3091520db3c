"""Where a secret key comes from: judged by the files of the app, and not by guesses."""

import hashlib
import importlib
import secrets
import sys

import pytest

from flasklogin_tutorial.attacks.keys import PUBLISHED_KEYS, keys_of, own_files

KEY = "kd83-long-enough-and-published-nowhere"

FACTORY = """
import os
from flask import Flask
{imports}

def create_app():
    app = Flask(__name__)
    {configure}
    return app
"""


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Give a function that makes an app of files in a package of its own."""
    name = f"shop_{secrets.token_hex(4)}"
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(configure, imports="", **files):
        folder = tmp_path / name
        folder.mkdir()
        files["__init__.py"] = FACTORY.format(imports=imports, configure=configure)
        for file, text in files.items():
            path = (tmp_path if file.startswith("beside_") else folder) / file.replace(
                "__py", ".py"
            )
            path.write_text(text.replace("PACKAGE", name), encoding="utf-8")
        importlib.invalidate_caches()
        return importlib.import_module(name).create_app()

    yield make
    for module in [one for one in sys.modules if one.startswith((name, "beside_"))]:
        del sys.modules[module]


def judged(app):
    (key,) = keys_of(app)
    return key


@pytest.mark.parametrize(
    "written",
    [
        f'"{KEY}"',
        f'os.environ.get("NO_SUCH_VARIABLE", "{KEY}")',
        f'"{KEY[:9]}" + "{KEY[9:]}"',
        f'b"{KEY}"',
        '"kd83" * 8',
    ],
)
def test_a_literal_is_found(make, written):
    assert judged(make(f"app.secret_key = {written}")).known_from.startswith("stands in the source")


def test_a_literal_in_another_module_of_the_package_is_found(make):
    app = make(
        "app.config.from_object(settings.Live)",
        "from . import settings",
        settings__py=f"class Live:\n    SECRET_KEY = '{KEY}'\n",
    )
    assert judged(app).known_from == "stands in the source, settings.py, line 2"


def test_a_literal_in_a_module_beside_the_package_is_found(make):
    text = f"class Live:\n    SECRET_KEY = '{KEY}'\n"
    app = make('app.config.from_object("beside_settings.Live")', beside_settings__py=text)
    assert "beside_settings.py" in judged(app).known_from


@pytest.mark.parametrize("file", ["settings.cfg", "config.json", "local.py"])
def test_a_file_of_settings_is_read(make, file):
    app = make(f"app.secret_key = '{KEY[:20]}'[:] + os.sep[:0] + '{KEY[20:]}'", **{file: KEY})
    assert judged(app).known_from == f"stands in the source, {file}"


def test_a_file_that_is_meant_to_stay_at_home_is_none_of_the_source(make):
    files = {".env": f"SECRET_KEY={KEY}"}
    app = make(f"app.secret_key = '{KEY[:20]}'[:] + os.sep[:0] + '{KEY[20:]}'", **files)
    assert not judged(app).known_from


def test_a_key_that_is_made_of_a_literal_is_found(make):
    app = make("app.secret_key = hashlib.md5(b'pepper').hexdigest()", "import hashlib")
    assert hashlib.md5(b"pepper").hexdigest() == app.secret_key
    assert judged(app).known_from.startswith("stands in the source")


def test_a_key_from_the_environment_is_none_that_others_know(make, monkeypatch):
    monkeypatch.setenv("SHOP_KEY", KEY)
    key = judged(make('app.secret_key = os.environ["SHOP_KEY"]'))
    assert not key.known_from and "comes from the environment" in key.origin


@pytest.mark.parametrize("value", ["hunter2", PUBLISHED_KEYS[0], PUBLISHED_KEYS[-1]])
def test_a_short_or_published_key_is_known_wherever_it_comes_from(make, monkeypatch, value):
    monkeypatch.setenv("SHOP_KEY", value)
    assert judged(make('app.secret_key = os.environ["SHOP_KEY"]')).known_from


def test_a_random_key_is_not_known(make):
    key = judged(make("app.secret_key = os.urandom(32)"))
    assert not key.known_from and "stands in no source file" in key.origin


def test_a_former_key_is_judged_too(make):
    app = make(f"app.secret_key, app.config['SECRET_KEY_FALLBACKS'] = os.urandom(32), ['{KEY}']")
    assert [bool(key.known_from) for key in keys_of(app)] == [False, True]


def test_what_is_installed_is_none_of_the_apps_own_files(make):
    files = own_files(make("pass", "import json, flask_login, mongoengine"))
    assert len(files) == 1
