"""The pages in a real browser: with the keyboard, without a script, on a phone, in the dark.

What a page has to be is asked by `Person.look`, which every journey here calls on its way.
`PAGE_SHOTS=folder` keeps a picture of each page that was looked at.
"""

import os
import sys
from pathlib import Path

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from flasklogin_tutorial.visit import serve

from .conftest import MAIL, PASSWORDS, link_of, populate
from .phones import Phone

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from lab_browser import NO_CHROMIUM, ReaderPage, chromium, find_chromium  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
]

WIDTHS = (390, 1000)
SCHEMES = ("light", "dark")
NEW = "a quite different password"

OVERFLOW = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(e => e.outerHTML.slice(0, 80))"""


class Person(ReaderPage):
    """Somebody who uses the pages.

    Args:
        context: their browser.
        address: where the app is.
        shots: where a screenshot goes.

    Attributes:
        broken: what a page asked this app for in vain: its style, its icon.
    """

    def __init__(self, context, address, shots):
        super().__init__(context, shots)
        self.address, self.broken = address, []
        self.page.on("response", self._note_answer)
        self.page.set_default_timeout(10_000)

    def _note_answer(self, response):
        if response.status >= 400 and response.request.resource_type != "document":
            self.broken.append(f"{response.status} {response.url}")

    def go(self, path):
        self.page.goto(self.address + path)

    def press(self, name, role="button"):
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=True).click()

    def fill(self, **texts):
        for label, text in texts.items():
            self.field(label).fill(text)

    def field(self, label):
        labelled = self.page.get_by_label(label.replace("_", " "), exact=True)
        return labelled.and_(self.page.locator("input"))

    def log_in(self, name, password=None, remember=False, path="/login"):
        self.go(path)
        self.fill(Name=name, Password=password or PASSWORDS[name])
        if remember:
            self.field("Stay logged in on this device").check()
        self.press("Log in")

    def says(self, text):
        expect(self.page.get_by_text(text).first).to_be_visible()

    def is_at(self, path):
        expect(self.page).to_have_url(self.address + path)

    def problems(self):
        """List what the pages so far wrote to the console, lacked, or asked of another host."""
        # The console names the status of the page too, which may be meant; `broken` has the others.
        status = "the server responded with a status"
        errors = [text for text in self.errors if status not in text]
        return errors + self.broken + self.outside

    def look(self, name):
        """Look at the page as four readers see it, and list what is wrong for any of them."""
        wrong = []
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme)
                found = Axe().run(self.page)
                if found.violations_count:
                    wrong.append(f"{width} px, {scheme}: {found.generate_report()}")
                if os.environ.get("PAGE_SHOTS"):
                    path = Path(os.environ["PAGE_SHOTS"], f"pages-{name}-{width}-{scheme}.png")
                    self.page.screenshot(path=path, full_page=True)
            wide = self.page.evaluate(OVERFLOW)
            scrolls = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            if wide or self.page.evaluate(scrolls):
                wrong.append(f"wider than {width} px: {wide}")
        wrong += self.problems()
        assert not wrong, self.describe("\n".join([f"{name}:", *wrong]))


@pytest.fixture(scope="module")
def browser():
    # No asyncio in this module: Playwright's loop runs in this thread for as long as this lasts.
    with chromium() as context:
        yield context.browser


@pytest.fixture
def app(make_app):
    """Make an app that sends mail, in which ada and bob have confirmed their address."""
    return populate(make_app(**MAIL, REGISTRATION=True, SECOND_FACTOR="offered"))


@pytest.fixture
def address(app):
    with serve(app) as browser:
        yield browser.base_url


@pytest.fixture
def person(browser, address, tmp_path):
    """Give a function that opens a browser of its own for somebody."""
    people = []

    def arrive(**options):
        context = browser.new_context(**options)
        people.append(Person(context, address, tmp_path / "screenshots"))
        return people[-1]

    yield arrive
    for one in people:
        one.page.context.close()
    assert [line for one in people for line in one.problems()] == []


def bearer(address, token):
    """Ask the API who a token stands for."""
    headers = {"Authorization": f"Bearer {token}"}
    return requests.post(f"{address}/user_info", headers=headers, timeout=10)


# ---- logging in


def test_somebody_logs_in_with_the_keyboard_alone(person):
    bob = person()
    bob.go("/account")
    bob.look("login-to-go-on")
    keyboard = bob.page.keyboard
    keyboard.press("Tab")
    expect(bob.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(bob.field("Name")).to_be_focused()
    keyboard.type("bob")
    keyboard.press("Tab")
    keyboard.type("wrong")
    with bob.page.expect_navigation():
        keyboard.press("Enter")

    # Where to type again has the focus, and says what was wrong.
    expect(bob.field("Password")).to_be_focused()
    expect(bob.field("Password")).to_have_accessible_description(
        "The name or the password is wrong. Check both, and try again."
    )
    expect(bob.field("Password")).to_have_attribute("aria-invalid", "true")
    expect(bob.field("Name")).to_have_value("bob")
    expect(bob.field("Password")).to_have_value("")
    bob.look("login-wrong")
    keyboard.type(PASSWORDS["bob"])
    keyboard.press("Tab")
    keyboard.press("Space")
    expect(bob.field("Stay logged in on this device")).to_be_checked()
    keyboard.press("Tab")
    expect(bob.page.get_by_role("button", name="Log in")).to_be_focused()
    with bob.page.expect_navigation():
        keyboard.press("Enter")
    bob.is_at("/account")
    bob.says("Account of bob")


def test_an_empty_form_says_at_each_field_what_is_missing(person):
    bob = person()
    bob.go("/login")
    bob.look("login")
    bob.press("Log in")
    for label in ("Name", "Password"):
        expect(bob.field(label)).to_have_accessible_description("Fill in this field.")
        expect(bob.field(label)).to_have_attribute("aria-invalid", "true")
    expect(bob.field("Name")).to_be_focused()
    bob.look("login-empty")


def test_a_way_back_is_followed_inside_the_app_and_nowhere_else(person):
    person_at_home = person()
    person_at_home.log_in("ada", path="/login?next=/people")
    person_at_home.is_at("/people")
    for foreign in ("//evil.example/", "https://evil.example/", "/\\evil.example/", "javascript:0"):
        lured = person()
        lured.log_in("ada", path=f"/login?next={foreign}")
        lured.is_at("/account")


@pytest.mark.parametrize("remember", [True, False])
def test_who_is_remembered_is_still_logged_in_when_the_browser_was_closed(person, remember):
    bob = person()
    bob.log_in("bob", remember=remember)
    kept = [cookie for cookie in bob.page.context.cookies() if cookie["expires"] > 0]
    again = person(storage_state={"cookies": kept, "origins": []})
    again.go("/account")
    again.is_at("/account" if remember else "/login?next=%2Faccount")
    if remember:
        again.says("For this the password has to be typed again")
        again.look("account-remembered")


# ---- a forgotten password


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_somebody_who_forgot_the_password_chooses_another_by_mail(app, person, script):
    # A picture is looked at by a script of the test.
    bob = person(java_script_enabled=script)
    look = bob.look if script else lambda name: None
    bob.go("/login")
    bob.press("I have forgotten my password", role="link")
    look("forgot")
    bob.fill(**{"E-mail_address": "nonsense"})
    bob.press("Send me a link")
    expect(bob.field("E-mail address")).to_have_attribute("aria-invalid", "true")
    look("forgot-bad-email")
    bob.fill(**{"E-mail_address": "bob@example.org"})
    bob.press("Send me a link")
    bob.says("a mail with a link is on its way")
    look("forgot-ordered")
    bob.go(f"/reset?token={link_of(app)}")
    bob.says("For the account of")
    look("reset")
    bob.fill(New_password="short", New_password_again="short")
    bob.press("Choose this password")
    expect(bob.field("New password")).to_have_attribute("aria-invalid", "true")
    look("reset-bad-password")
    bob.fill(New_password=NEW, New_password_again=NEW)
    bob.press("Choose this password")
    bob.is_at("/login")
    bob.says("Your password is changed. Log in with it.")
    bob.log_in("bob", NEW)
    bob.is_at("/account")
    bob.go("/reset?token=over")
    bob.says("This link was used, or is over")
    look("reset-over")


def test_somebody_makes_an_account_by_mail(app, person):
    dora = person()
    dora.go("/login")
    dora.press("Make an account", role="link")
    dora.look("register")
    dora.press("Send me a link")
    expect(dora.field("Name")).to_have_accessible_description("Fill in this field.")
    dora.look("register-empty")
    dora.fill(Name="dora", **{"E-mail_address": "dora@example.org"})
    dora.press("Send me a link")
    dora.says("A mail is on its way to this address.")
    dora.look("register-ordered")
    dora.go(f"/welcome?token={link_of(app)}")
    dora.says("For the new account")
    dora.look("welcome")
    dora.fill(New_password=NEW, New_password_again=NEW)
    dora.press("Make the account")
    dora.is_at("/login")
    dora.says("Your account is made. Log in with it.")
    dora.look("login-after-registration")
    dora.log_in("dora", NEW)
    dora.is_at("/account")


# ---- the account


def test_somebody_changes_their_email_address(app, person):
    bob = person()
    bob.log_in("bob")
    bob.look("account")
    bob.fill(**{"E-mail_address": "nonsense"})
    bob.press("Change e-mail address")
    expect(bob.field("E-mail address")).to_have_accessible_description(
        "This is no e-mail address. It looks like name@example.org."
    )
    bob.look("account-bad-email")
    bob.page.get_by_role("alert").get_by_role("link", name="E-mail address").click()
    expect(bob.field("E-mail address")).to_be_focused()
    bob.fill(**{"E-mail_address": "new@example.org"})
    bob.press("Change e-mail address")
    bob.says("A mail with a link is on its way to the address.")
    expect(bob.field("E-mail address")).to_have_value("bob@example.org")
    bob.look("account-change-asked")
    bob.go(f"/confirm?token={link_of(app)}")
    bob.look("confirm")
    bob.press("Confirm the address")
    bob.says("Your e-mail address is confirmed.")
    expect(bob.field("E-mail address")).to_have_value("new@example.org")
    bob.look("account-changed")


def test_a_changed_password_ends_the_login_of_the_other_browser(person):
    bob, other = person(), person()
    bob.log_in("bob")
    other.log_in("bob")
    bob.fill(Current_password="wrong", New_password=NEW, New_password_again=NEW)
    bob.press("Change password")
    expect(bob.field("Current password")).to_have_accessible_description(
        "This is not your current password."
    )
    bob.look("account-bad-password")
    bob.fill(Current_password=PASSWORDS["bob"], New_password=NEW, New_password_again=NEW)
    bob.press("Change password")
    bob.says("Your password is changed.")
    other.go("/account")
    other.is_at("/login?next=%2Faccount")
    other.log_in("bob", NEW)
    other.is_at("/account")


PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0"
TABLET = (
    "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)


def test_somebody_signs_out_another_device_and_then_all_others(person):
    bob, phone, tablet = person(), person(user_agent=PHONE), person(user_agent=TABLET)
    for one in (tablet, phone, bob):
        one.log_in("bob")
    devices = bob.page.get_by_role("region", name="Where you are logged in")
    expect(devices.get_by_role("listitem")).to_have_count(3)
    expect(devices.get_by_text("(this device)")).to_have_count(1)
    with bob.page.expect_navigation():
        of_phone = devices.get_by_role("listitem").filter(has_text="Firefox on Android")
        of_phone.get_by_role("button").click()
    bob.says("That device is logged out.")
    phone.go("/account")
    phone.is_at("/login?next=%2Faccount")
    tablet.go("/account")
    tablet.is_at("/account")
    bob.press("Log out everywhere else")
    expect(devices.get_by_role("listitem")).to_have_count(1)
    tablet.go("/account")
    tablet.is_at("/login?next=%2Faccount")
    bob.press("Log out this device")
    bob.is_at("/login")


def test_a_token_is_shown_once_works_for_a_program_and_is_revoked(person, address):
    bob = person()
    bob.log_in("bob")
    bob.fill(**{"What_the_token_is_for": "nightly backup"})
    bob.press("Create API token")
    token = bob.page.locator("code.secret").inner_text()
    bob.look("account-new-token")
    assert bearer(address, token).json()["data"]["name"] == "bob"
    bob.go("/account")
    bob.says("nightly backup")
    assert token not in bob.page.content()
    bob.look("account-with-token")
    bob.press("Revoke the token nightly backup")
    bob.says("You have none.")
    assert bearer(address, token).status_code == 401


# ---- people


def test_an_administrator_adds_somebody_who_then_chooses_a_password(person):
    ada, dora = person(), person()
    ada.log_in("ada")
    ada.press("People", role="link")
    expect(ada.page.get_by_role("listitem").filter(has_text="bob@example.org")).to_be_visible()
    ada.look("people")
    ada.fill(Name="bob", **{"E-mail_address": "dora@example.org"})
    ada.press("Add person")
    expect(ada.field("Name")).to_have_attribute("aria-invalid", "true")
    ada.look("people-name-taken")
    ada.fill(Name="dora", **{"E-mail_address": "dora@example.org"})
    ada.press("Add person")
    ada.says("dora is added")
    ada.look("people-added")
    first = ada.page.locator("code.secret").inner_text()
    dora.log_in("dora", first)
    dora.says("Choose a password of your own.")
    dora.look("account-first-password")
    dora.fill(Current_password=first, New_password=NEW, New_password_again=NEW)
    dora.press("Change password")
    dora.says("Your password is changed.")
    ada.go("/people")
    assert first not in ada.page.content()


def test_an_administrator_deletes_somebody_after_a_question(person):
    ada, bob = person(), person()
    ada.log_in("ada")
    bob.log_in("bob")
    ada.go("/people")
    ada.press("Delete bob", role="link")
    ada.look("people-delete")
    ada.press("Keep bob", role="link")
    ada.is_at("/people")
    ada.press("Delete bob", role="link")
    ada.press("Delete bob")
    ada.is_at("/people")
    ada.says("bob is deleted.")
    bob.go("/account")
    bob.is_at("/login?next=%2Faccount")


def test_the_last_administrator_is_told_why_they_cannot_be_deleted(person):
    ada = person()
    ada.log_in("ada")
    ada.go("/people")
    ada.press("Delete ada", role="link")
    ada.press("Delete ada")
    expect(ada.page.get_by_role("alert")).to_contain_text("Not deleted.")
    ada.look("people-delete-refused")
    ada.go("/people")
    ada.press("Promote bob")
    ada.says("bob is an administrator now.")
    ada.says("bob@example.org, administrator")
    ada.press("Disable cy")
    ada.says("cy is disabled.")
    ada.says("cy@example.org, disabled")
    ada.look("people-changed")


def test_words_that_never_end_make_no_page_wider(person):
    ada = person(user_agent="a" * 200)
    ada.log_in("ada")
    ada.fill(What_the_token_is_for="w" * 60)
    ada.press("Create API token")
    ada.look("account-long-words")
    ada.go("/people")
    name = "n" * 64
    ada.fill(Name=name, **{"E-mail_address": f"{'e' * 64}@{'d' * 60}.example.org"})
    ada.press("Add person")
    ada.says(f"{name} is added")
    ada.look("people-long-words")
    ada.press(f"Delete {name}", role="link")
    ada.look("people-delete-long-words")


# ---- errors


def test_who_may_not_or_is_lost_is_told_so_on_a_page(person):
    bob = person()
    bob.log_in("bob")
    bob.go("/people")
    expect(bob.page.get_by_role("heading", level=1)).to_have_text("Forbidden")
    bob.look("error-403")
    bob.go("/nowhere")
    expect(bob.page.get_by_role("heading", level=1)).to_have_text("Not found")
    bob.look("error-404")
    bob.press("To your account", role="link")
    bob.is_at("/account")


# ---- the second factor


def read_phone(person):
    """Return the telephone of somebody who has typed in what the page shows."""
    return Phone(person.page.locator("code.secret").inner_text().replace(" ", ""))


def test_somebody_sets_up_a_second_factor_and_logs_in_with_it(person):
    bob, elsewhere = person(), person()
    bob.log_in("bob")
    bob.press("Set one up", role="link")
    bob.look("factor-none")
    bob.press("Set up a second factor")
    expect(bob.page.get_by_role("img", name="A picture that an app")).to_be_visible()
    bob.look("factor-new")
    phone = read_phone(bob)
    bob.fill(Code="000000")
    bob.press("Turn it on")
    bob.says("This is not the code of this picture.")
    bob.look("factor-new-wrong")
    bob.fill(Code=phone.code())
    bob.press("Turn it on")
    bob.says("Your recovery codes")
    bob.look("factor-codes")
    codes = bob.page.locator(".codes code").all_inner_texts()
    elsewhere.log_in("bob")
    elsewhere.says("The password is right. You are not logged in yet.")
    elsewhere.look("code")
    elsewhere.fill(Code="000000")
    elsewhere.press("Log in")
    elsewhere.says("The code is wrong")
    elsewhere.look("code-wrong")
    elsewhere.fill(Code=codes[0])
    elsewhere.press("Log in")
    elsewhere.is_at("/account")
    elsewhere.look("account-factor")
    elsewhere.press("Change it", role="link")
    elsewhere.says("Recovery codes that are left: 9.")
    elsewhere.look("factor")
    elsewhere.page.locator("#renewal-code").fill("000000")
    elsewhere.press("Make new recovery codes")
    elsewhere.look("factor-wrong")
    elsewhere.page.locator("#end-code").fill(codes[1])
    elsewhere.press("Remove the second factor")
    elsewhere.says("You have no second factor any more.")


# ---- without a script


def test_all_of_it_works_without_javascript(person, address):
    bob = person(java_script_enabled=False)
    bob.log_in("bob", "wrong", path="/login?next=/account")
    bob.says("The name or the password is wrong.")
    bob.fill(Name="bob", Password=PASSWORDS["bob"])
    bob.press("Log in")
    bob.is_at("/account")
    bob.fill(**{"E-mail_address": "new@example.org"})
    bob.press("Change e-mail address")
    bob.says("A mail with a link is on its way to the address.")
    bob.fill(Current_password=PASSWORDS["bob"], New_password=NEW, New_password_again=NEW)
    bob.press("Change password")
    bob.says("Your password is changed.")
    bob.fill(**{"What_the_token_is_for": "nightly backup"})
    bob.press("Create API token")
    token = bob.page.locator("code.secret").inner_text()
    assert bearer(address, token).json()["data"]["email"] == "bob@example.org"
    bob.press("Revoke the token nightly backup")
    bob.says("The API token is revoked.")
    bob.press("Log out everywhere else")
    bob.press("Set one up", role="link")
    bob.press("Set up a second factor")
    bob.fill(Code=read_phone(bob).code())
    bob.press("Turn it on")
    code = bob.page.locator(".codes code").first.inner_text()
    bob.press("Log out")
    bob.is_at("/login")
    bob.log_in("bob", NEW, path="/login?next=/account/second-factor")
    bob.fill(Code=code)
    bob.press("Log in")
    bob.is_at("/account/second-factor")
    bob.press("Log out")
    ada = person(java_script_enabled=False)
    ada.log_in("ada")
    ada.press("People", role="link")
    ada.fill(Name="dora", **{"E-mail_address": "dora@example.org"})
    ada.press("Add person")
    ada.press("Delete dora", role="link")
    ada.press("Delete dora")
    ada.says("dora is deleted.")
