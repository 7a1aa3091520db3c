"""An app in which Ada is logged in."""

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab.ada import start, who
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import serve

APPS = {
    "remember-me": (VARIANTS["remember-me"].create_app, None),
    "finished": (create_app, {"TESTING": True, "HTTPS": True, "SECRET_KEY": "k" * 32}),
}


@pytest.mark.parametrize("make", APPS.values(), ids=APPS)
def test_ada_is_logged_in_and_remembered_if_she_asks(make):
    app, ada = start(*make)
    assert (who(ada), who(serve(app))) == ("ada", "nobody")
    assert not any("remember" in name for name in ada.cookies.get_dict())
    _, ada = start(*make, remember=True)
    assert any("remember" in name for name in ada.cookies.get_dict())
