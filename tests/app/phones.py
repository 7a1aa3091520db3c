"""A telephone for the tests: the second factor of somebody, and what its app shows."""

import re

import pyotp

from flasklogin_tutorial.app import models
from flasklogin_tutorial.app.models import NewFactor, User, hash_secret, new_secret
from flasklogin_tutorial.app.seeds import seal

from .conftest import PAGE, credentials, send_form, stored

FACTOR_PAGE = "/account/second-factor"

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

#: A recovery code of somebody who has a second factor from before.
OLD_CODE = "OLD" * 8


class Phone:
    """An app for codes."""

    def __init__(self, seed=SEED):
        self.totp = pyotp.TOTP(seed)

    def code(self, seconds=0):
        """Return what it shows some seconds from now, by the clock that the app under test has."""
        return self.totp.at(int(models.now().timestamp()) + seconds)


def give_factor(app, name):
    """Let somebody have had a second factor for long, and return their telephone."""
    with app.app_context():
        user = User.objects.get(name=name)
        user.update(
            totp_seed=seal(SEED, user.id),
            totp_step=0,
            factor_since=models.now(),
            recovery_hashes=[],
        )
    return Phone()


def has_old_factor(app, name):
    """Let somebody have a second factor from before, unless they do; return a recovery code."""
    if "totp_seed" not in stored(name):
        give_factor(app, name)
        User.objects(name=name).update(recovery_hashes=[hash_secret(OLD_CODE)])
    return OLD_CODE


def give_recovery_code(name):
    """Give somebody one more recovery code."""
    code = new_secret().replace("-", "x").replace("_", "x").upper()
    User.objects(name=name).update(push__recovery_hashes=hash_secret(code))
    return code


def show_seed_to(app, login):
    """Let a login have been shown a seed, and return the telephone that has it."""
    with app.app_context():
        user = User.objects.get(id=login.user)
        NewFactor(
            token_hash=login.token_hash,
            user=user.id,
            epoch=user.login_epoch,
            until=login.until,
            seed=seal(SEED, user.id),
        ).save()
    return Phone()


def read_seed(page):
    """Return the telephone that has read the page on which a seed is shown."""
    return Phone(re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", ""))


def read_recovery_codes(page):
    return re.findall(r"<li><code>([A-Z2-7-]+)</code>", page.text)


def set_up(browser):
    """Set a second factor up on the page; return the telephone and the recovery codes."""
    phone = read_seed(send_form(browser, FACTOR_PAGE, page=FACTOR_PAGE))
    done = send_form(browser, f"{FACTOR_PAGE}/begin", {"code": phone.code()}, page=FACTOR_PAGE)
    assert done.status_code == 201, done.text
    return phone, read_recovery_codes(done)


def type_password(browser, name):
    """Take the first of the two steps."""
    answer = browser.post("/login", json=credentials(name))
    assert answer.status_code == 202, answer.text
    return answer


def type_code(browser, code):
    return browser.post("/login/code", json={"code": code})


def log_in_with(browser, name, code):
    type_password(browser, name)
    return type_code(browser, code)


def steps_used(name):
    return stored(name).get("totp_step")


def factor_page(browser):
    return browser.get(FACTOR_PAGE, headers=PAGE, allow_redirects=False)
