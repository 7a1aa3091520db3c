"""What all tests share: a clean database layer, and apps and browsers to try."""

import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from flasklogin_tutorial import steps
from flasklogin_tutorial.visit import forget, serve, server

STEP_FILES = sorted(Path(steps.__file__).parent.glob("step*.py"))


@pytest.fixture(autouse=True)
def forget_databases():
    """End every test without a connection: mongoengine keeps one for the whole process."""
    yield
    forget()


@pytest.fixture
def step_app():
    """Give a function that makes the app of a step: `step_app("step04")`."""

    def make(step, config=None):
        name = next(path.stem for path in STEP_FILES if path.stem.startswith(step))
        return import_module(f"{steps.__name__}.{name}").create_app(config)

    return make


@pytest.fixture
def add_user():
    """Give a function that puts a user into an app: with its command, or else as its document.

    No request is sent, so the app still takes new routes afterwards.
    """

    def add(app, name="ada", password="lovelace", email=None):
        email = email or f"{name}@example.org"
        if "add-user" in app.cli.commands:
            arguments = ["add-user", name, email, "--password", password]
            result = app.test_cli_runner().invoke(args=arguments)
            assert result.exit_code == 0, result.output
        else:
            user = sys.modules[app.import_name].User
            user(name=name, password=password, email=email).save()

    return add


@pytest.fixture
def call_main(capsys):
    """Give a function that runs a command: it returns the status and what was printed."""

    def call(main, *arguments):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


@pytest.fixture(params=["server", "in process"])
def visit(request, monkeypatch):
    """Give a function that opens a browser on an app: over real HTTP, then without a server."""
    if request.param == "in process":
        monkeypatch.setattr(server, "can_start_threads", lambda: False)
    with ExitStack() as browsers:
        yield lambda app: browsers.enter_context(serve(app))


@pytest.fixture
def changed_step(monkeypatch):
    """Give a function that makes the app of a step after some edits of its text.

    `changed_step("step05", ("@login_required", ""))` fails unless the text to be replaced is there
    exactly once. It gives the function `create_app`.
    """

    def change(step, *edits):
        path = next(path for path in STEP_FILES if path.stem.startswith(step))
        source = path.read_text(encoding="utf-8")
        for before, after in edits:
            assert source.count(before) == 1, f"{source.count(before)} times in {path}: {before}"
            source = source.replace(before, after)
        module = ModuleType("changed_step")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(compile(source, f"changed {path.name}", "exec"), vars(module))
        return module.create_app

    return change
