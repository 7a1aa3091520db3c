"""What each command demands and does to credentials, tried, and compared with the table.

The commands ask for nobody's login, because whoever runs them has the database anyway. What they
print is in test_cli.py.
"""

import pytest
from mongoengine import Document
from pymongo.errors import ServerSelectionTimeoutError

from flasklogin_tutorial.app import cli
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.orders import read_outbox

from .access import CREDENTIALS
from .commands import COMMANDS
from .conftest import MAIL, populate, snapshot, stored
from .phones import give_factor
from .test_lives import NOT_ASKED, TRIALS, World

STRANGERS_LIMIT = 5


@pytest.fixture
def make_app(make_app):
    """Give a function that makes an app with mail, because some commands are about it."""
    return lambda **settings: make_app(**MAIL, **settings)


@pytest.fixture(autouse=True)
def demo_that_ends(monkeypatch):
    """Let the server of the demo end as if somebody had pressed Ctrl-C at once."""

    class Server:
        server_port = 0

        def serve_forever(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(cli, "make_server", lambda *args, **more: Server())


def run(app, command, arguments=None, typed=None):
    arguments = command.sent if arguments is None else arguments
    typed = command.typed if typed is None else typed
    if command.name == "users remove-factor":
        give_factor(app, "bob")
    return app.test_cli_runner().invoke(args=[*command.name.split(), *arguments], input=typed)


def exits_well(command, result):
    # check-config finds the settings of a test unsafe, and that is its answer.
    return result.exit_code == (1 if command.name == "check-config" else 0)


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_ends_the_credentials_that_the_table_says(make_app, command, credential):
    app = populate(make_app(SIGN_IN_LIMIT_PER_NAME=f"{STRANGERS_LIMIT} per hour"))
    world = World(app, credential)
    is_good = TRIALS[credential](world)
    if credential not in NOT_ASKED:
        assert is_good()
    result = run(app, command)
    assert exits_well(command, result), result.output
    read_outbox(app)  # a command orders a letter, and a link ends when the next one is made
    assert is_good() == (credential not in command.ends)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_leaves_the_line_that_the_table_says_and_names_no_user_as_its_author(
    app, events, command
):
    events()
    assert exits_well(command, run(app, command))
    said = [(one["event"], one["by"]) for one in events() if one["event"] != "mail_sent"]
    assert said == ([(command.event, None)] if command.event else [])
    assert OPERATOR.id is None


@pytest.mark.parametrize(
    ("command", "demand"),
    [(command, demand) for command in COMMANDS for demand in command.needs],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_demand_that_is_not_met_ends_a_command_before_it_changes_anything(
    app, events, command, demand
):
    give_factor(app, "bob")
    before = snapshot()
    events()
    arguments, typed = command.needs[demand]
    result = app.test_cli_runner().invoke(args=[*command.name.split(), *arguments], input=typed)
    assert result.exit_code == 1, result.output
    assert snapshot() == before
    assert events() == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_needs_the_database_if_the_table_says_so(make_app, monkeypatch, command):
    app = populate(make_app())
    before = snapshot()

    def be_away(*args):
        raise ServerSelectionTimeoutError

    with monkeypatch.context() as away:
        away.setattr(Document, "_get_collection", be_away)
        arguments = [*command.name.split(), *command.sent]
        result = app.test_cli_runner().invoke(args=arguments, input=command.typed)
    if command.database:
        assert result.exit_code == 1
        assert snapshot() == before
    else:
        assert exits_well(command, result)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_makes_the_passwords_that_the_table_says(app, command):
    before = {one["_id"]: one.get("password_hash") for one in snapshot()["User"]}
    run(app, command)
    after = snapshot()["User"]
    made = {one["name"] for one in after if before.get(one["_id"]) != one.get("password_hash")}
    assert bool(made) == (command.makes != "-")
    for name in made:
        ends = stored(name).get("first_password_until") is not None
        assert ends == (command.makes == "a first password")


def test_the_table_has_every_command(app):
    own = {"users", "make-indexes", "check-config", "openapi", "send-mail", "demo"}
    there = {name for name in app.cli.commands if name in own - {"users"}}
    there |= {f"users {name}" for name in app.cli.commands["users"].commands}
    assert {command.name for command in COMMANDS} == there
    flasks_own = {"run", "shell", "routes"}
    assert set(app.cli.commands) - own <= flasks_own
