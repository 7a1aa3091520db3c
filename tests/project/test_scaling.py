"""What docs/scaling.md tells people to set fits the app: its settings and its shard keys."""

import re

import pytest
from flask import Flask

from flasklogin_tutorial.app.cli import unsafe_settings
from flasklogin_tutorial.app.config import DEFAULTS, load_config
from flasklogin_tutorial.app.models import DOCUMENTS, ApiToken, Login

from .checkout import ROOT

PAGE = (ROOT / "docs" / "scaling.md").read_text("utf-8")


def variables():
    """Return the settings of the page, all of them from its longest block."""
    block = max(re.findall(r"```\n(FLASKLOGIN_.*?)```", PAGE, re.DOTALL), key=len)
    return dict(line.split("=", 1) for line in block.splitlines())


def test_the_app_takes_the_settings_and_finds_nothing_unsafe(monkeypatch):
    for name, value in variables().items():
        monkeypatch.setenv(name, value)
    app = Flask("copied")
    load_config(app)
    assert {name.removeprefix("FLASKLOGIN_") for name in variables()} <= {
        *DEFAULTS,
        "TRUSTED_HOSTS",
    }
    assert app.config["ENVIRONMENT"] == "production"
    assert app.config["TRUSTED_HOSTS"] == ["www.example.org"]
    assert app.config["MONGODB_SETTINGS"]["w"] == "majority"
    assert unsafe_settings(app) == []


@pytest.mark.parametrize("document", [Login, ApiToken])
def test_a_shard_key_begins_every_unique_index_and_is_what_a_request_names(document):
    collection = document._get_collection_name()
    (key,) = re.findall(rf'shardCollection\("flasklogin\.{collection}", \{{ (\w+): 1 \}}', PAGE)
    unique = [index["fields"] for index in document._meta["indexes"] if index.get("unique")]
    assert unique == [[key]]
    assert key == "token_hash", "what Login.find matches"


def test_nothing_else_is_sharded():
    named = set(re.findall(r'shardCollection\("flasklogin\.(\w+)"', PAGE))
    assert named == {"login", "api_token"}
    assert all(f"`{one._get_collection_name()}`" in PAGE for one in DOCUMENTS)
