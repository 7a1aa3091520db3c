"""Where a hint comes from: the exception behind an answer, and the learner's own line."""

import importlib.util

import pytest

from flasklogin_tutorial.checks import check
from flasklogin_tutorial.visit import new_app, own_code

STEP = "flasklogin_tutorial.steps.step04_user_loader"


@pytest.fixture
def app_in_a_file(tmp_path):
    """Give a function that makes the app of step 04 from a file of the learner's, edited."""

    def make(before, after):
        source = importlib.util.find_spec(STEP).loader.get_source(STEP)
        assert source.count(before) == 1
        path = tmp_path / "my_app.py"
        path.write_text(source.replace(before, after), encoding="utf-8")
        spec = importlib.util.spec_from_file_location("my_app", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return new_app(module.create_app)

    return make


def test_a_hint_names_the_function_and_shows_the_line(app_in_a_file):
    app = app_in_a_file("        user.delete()\n", "        user.destroy()\n")
    hints = [dict(row.details).get("hint", "") for row in check(app, step=0).failed]
    assert "The error is raised in the view delete_record, in the line: user.destroy()." in hints


def test_the_line_is_the_learners_own_also_where_a_library_raises(app_in_a_file):
    app = app_in_a_file("        user.delete()\n", "        user.delete(signal_kwargs=1, no=2)\n")
    hints = [dict(row.details).get("hint", "") for row in check(app, step=0).failed]
    assert any("in the line: user.delete(signal_kwargs=1, no=2)." in hint for hint in hints)


def test_an_error_of_a_library_alone_has_no_own_code():
    try:
        importlib.util.find_spec(".x", None)
    except ImportError as error:
        error.__traceback__ = error.__traceback__.tb_next
        assert own_code(error) is None
    else:
        pytest.fail("nothing was raised")
    assert own_code(ValueError("never raised")) is None
