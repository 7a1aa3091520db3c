"""The attacks by name, and the apps that they succeed on."""

import pytest

from flasklogin_tutorial.attacks import ATTACKS, Target, try_attack
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import new_app

BY_NAME = {one.name: one for one in ATTACKS}
ON_STEP06 = [one for one in ATTACKS if not one.needs]

each_attack = pytest.mark.parametrize("one", ATTACKS, ids=lambda one: one.name)


def attacked_app(one):
    """Return the app that an attack succeeds on."""
    return new_app(VARIANTS[one.needs].create_app if one.needs else step06.create_app)


def outcome_of(name, app, names=None):
    """Return what comes of one attack on an app."""
    return try_attack(BY_NAME[name], Target(app, names))
