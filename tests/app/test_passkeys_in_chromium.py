"""Passkeys in a real browser, with an authenticator that the browser plays: who comes in, who not.

The browser itself decides which page may ask, and what it writes into an answer. The authenticator
is that of the Chrome DevTools Protocol, domain WebAuthn.
"""

import re

import pytest
from playwright.sync_api import expect

from flasklogin_tutorial.app.models import Passkey
from flasklogin_tutorial.visit import serve

from .conftest import populate
from .test_pages_in_chromium import NO_CHROMIUM, Person, chromium, find_chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
]

#: A device that keeps passkeys, and asks for a finger; and one that is plugged in.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PLUGGED_IN = DEVICE | {"transport": "usb"}

#: What of a passkey one authenticator can hand to another.
COPIED = ("credentialId", "isResidentCredential", "rpId", "privateKey", "userHandle", "signCount")


class Holder(Person):
    """Somebody with a browser that has an authenticator.

    Args:
        context: the browser.
        address: where the app is.
        shots: where a screenshot goes.
    """

    def __init__(self, context, address, shots):
        super().__init__(context, address, shots)
        self.protocol = context.new_cdp_session(self.page)
        self.protocol.send("WebAuthn.enable")
        self.devices = []

    def get(self, device=DEVICE):
        """Get an authenticator, and give it a number."""
        made = self.protocol.send("WebAuthn.addVirtualAuthenticator", {"options": device})
        self.devices.append(made["authenticatorId"])

    def lose(self):
        """Lose the authenticator, with all that is in it."""
        self.tell("removeVirtualAuthenticator")
        self.devices.pop()

    def tell(self, what, **more):
        """Tell the authenticator something."""
        said = {"authenticatorId": self.devices[-1], **more}
        return self.protocol.send(f"WebAuthn.{what}", said)

    def kept(self):
        """Return the passkeys in the authenticator, with their private halves."""
        return self.tell("getCredentials")["credentials"]

    def put(self, passkey, **changed):
        """Put a passkey into the authenticator that was taken out of another."""
        copy = {name: passkey[name] for name in COPIED if name in passkey}
        self.tell("addCredential", credential=copy | changed)

    def add(self, called):
        """Add a passkey on the page."""
        self.go("/account/passkeys")
        self.press("Add a passkey", role="link")
        self.field("What the passkey is called").fill(called)
        self.press("Make the passkey")

    def use(self, path="/login/passkey"):
        """Press the button that logs in with a passkey, and wait for what comes of it."""
        self.go(path)
        self.page.get_by_role("button", name="Use a passkey").click()
        # No function that the page is asked again and again: its policy forbids that, as an error.
        came = self.page.get_by_text("Where you are logged in")
        expect(came.or_(self.page.locator(".error:not(:empty)")).first).to_be_visible()

    def is_told(self, text):
        expect(self.page.get_by_role("alert").filter(has_text=re.compile(text))).to_be_visible()


@pytest.fixture(scope="module")
def browser():
    with chromium() as context:
        yield context.browser


@pytest.fixture
def app(make_app):
    return populate(make_app(PASSKEYS=True, SECOND_FACTOR="offered"))


@pytest.fixture
def address(app):
    with serve(app) as visitor:
        port = visitor.base_url.rpartition(":")[2]
        app.config["PUBLIC_ADDRESS"] = f"http://localhost:{port}"
        yield app.config["PUBLIC_ADDRESS"]


@pytest.fixture
def holder(browser, address, tmp_path):
    """Give a function that opens a browser of its own for somebody."""
    people = []

    def arrive(at=None, **options):
        context = browser.new_context(**options)
        people.append(Holder(context, at or address, tmp_path / "screenshots"))
        return people[-1]

    yield arrive
    for one in people:
        one.page.context.close()
    assert [line for one in people for line in one.problems()] == []


@pytest.fixture
def bob(holder):
    """Open the browser of bob, who has just made a passkey, and logged out."""
    bob = holder()
    bob.get()
    bob.log_in("bob")
    bob.add("laptop")
    bob.says("is made")
    bob.press("Log out")
    return bob


def test_a_passkey_is_made_and_used_and_another_device_and_one_is_removed(app, holder):
    bob = holder()
    bob.get()
    bob.log_in("bob")
    bob.look("account-with-passkeys")
    bob.go("/account/passkeys")
    bob.look("passkeys-none")
    bob.press("Add a passkey", role="link")
    bob.look("passkey-new")
    bob.field("What the passkey is called").fill("laptop")
    bob.press("Make the passkey")
    bob.says("is made")
    expect(bob.page.locator("ol.codes li")).to_have_count(10)
    bob.look("passkey-made")
    bob.press("Log out")
    bob.look("login-with-passkeys")
    bob.press("Log in with a passkey", role="link")
    bob.look("passkey-login")
    bob.use()
    bob.is_at("/account")

    bob.get(PLUGGED_IN)
    bob.add("blue key")
    bob.says("is made")
    bob.look("passkeys-two")
    bob.press("Log out")
    bob.use()
    bob.is_at("/account")
    other = holder(storage_state=bob.page.context.storage_state())
    other.go("/account")
    other.is_at("/account")
    bob.go("/account/passkeys")
    bob.press("Remove the passkey laptop")
    bob.says("The passkey is removed. All other devices are logged out.")
    bob.look("passkeys-one")
    other.go("/account")
    other.is_at("/login?next=%2Faccount")
    assert [one.label for one in Passkey.objects] == ["blue key"]


def test_after_the_password_a_code_is_asked_for_or_the_passkey(bob):
    bob.log_in("bob")
    bob.is_at("/login/code")
    bob.look("code-or-passkey")
    bob.press("Log in with a passkey", role="link")
    bob.use()
    bob.is_at("/account")


def test_a_copied_passkey_is_refused(bob, holder):
    copied = bob.kept()[0]
    for _ in range(2):
        bob.use()
        bob.is_at("/account")
    thief = holder()
    thief.get()
    thief.put(copied)
    thief.use()
    thief.is_told("there is a copy of it")
    thief.look("passkey-copied")
    thief.go("/account")
    thief.is_at("/login?next=%2Faccount")


def test_an_authenticator_that_asks_for_no_finger_gives_no_answer(bob):
    bob.tell("setUserVerified", isUserVerified=False)
    bob.use()
    bob.is_told("No passkey was used")
    bob.look("passkey-not-used")
    bob.tell("setUserVerified", isUserVerified=True)
    bob.use()
    bob.is_at("/account")


def test_a_removed_passkey_opens_nothing(bob):
    Passkey.drop_collection()
    bob.use()
    bob.is_told("is not known here")


def relay(page):
    """Be a page in the middle, at a name of its own, that shows what the app shows."""

    def hand_on(route):
        route.fulfill(
            response=route.fetch(url=route.request.url.replace("evil.localhost", "localhost"))
        )

    page.route("http://evil.localhost:*/**", hand_on)


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.localhost"])
def test_a_page_at_another_name_is_given_no_answer(bob, address, host):
    relay(bob.page)
    bob.address = address.replace("localhost", host)
    bob.use()
    bob.is_told("not the address that the passkeys")
    bob.outside.clear()
    bob.address = address
    bob.use()
    bob.is_at("/account")
    assert Passkey.objects.get().sign_count == bob.kept()[0]["signCount"] == 2


def test_a_device_that_has_one_makes_no_second(bob):
    bob.use()
    bob.go("/account/passkeys/new")
    bob.page.get_by_role("button", name="Make the passkey").click()
    bob.is_told("has a passkey for your account already")


def test_a_page_that_was_open_for_too_long_says_so(bob):
    bob.go("/login/passkey")
    bob.page.evaluate("document.querySelector('form[data-passkey]').dataset.minutes = 0")
    bob.page.get_by_role("button", name="Use a passkey").click()
    bob.is_told("Reload it")


def test_without_a_script_it_says_what_to_do_and_the_password_and_a_code_open(app, bob, holder):
    plain = holder(java_script_enabled=False)
    plain.go("/login")
    plain.press("Log in with a passkey", role="link")
    plain.press("Use a passkey")
    plain.says("Log in with the password instead")
    plain.press("Log in with the password", role="link")
    plain.log_in("bob")
    plain.is_at("/login/code")
