"""The pages for people, as a person with a plain browser uses them."""

import re
from html.parser import HTMLParser

import pytest

from flasklogin_tutorial.client import in_process
from flasklogin_tutorial.models import Login

from .conftest import PAGE, PASSWORDS, credentials, log_in, send_form, snapshot, stored, who

NEW = "a quite different password"


class Reader(HTMLParser):
    """Collects what the tests ask about a page."""

    def __init__(self, text):
        super().__init__()
        self.labels, self.inputs, self.ids, self.tags, self.described = set(), [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append((tag, found))
        if tag == "label":
            self.labels.add(found["for"])
        if tag == "input" and found.get("type") != "hidden" and "hidden" not in found:
            self.inputs.append(found)
        if "id" in found:
            self.ids.append(found["id"])
        for name in ("aria-describedby", "aria-labelledby"):
            self.described += found.get(name, "").split()


def read(answer):
    return Reader(answer.text)


PAGES = ["/login", "/account", "/people", "/nowhere"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_without_a_script_without_a_mouse_and_without_seeing_it(ada, path):
    send_form(ada, "/account/tokens", {"label": "nightly backup"})
    page = read(ada.get(path, headers=PAGE))
    tags = [tag for tag, _ in page.tags]
    assert "script" not in tags
    assert tags.count("h1") == 1
    assert tags.count("main") == 1
    assert "header" in tags
    assert ("html", {"lang": "en"}) in page.tags
    assert any(
        tag == "meta" and "width=device-width" in (one.get("content") or "")
        for tag, one in page.tags
    )
    assert len(page.ids) == len(set(page.ids))
    assert set(page.described) <= set(page.ids)
    for one in page.inputs:
        assert one["id"] in page.labels, one
    for tag, one in page.tags:
        assert not any(name.startswith("on") or name == "style" for name in one), (tag, one)
        if tag == "form":
            assert one["method"] == "post"


def test_each_button_in_a_list_says_what_it_is_about(ada):
    text = ada.get("/people", headers=PAGE).text
    for name in PASSWORDS:
        assert re.search(rf"Disable<span class=\"spoken\"> {name}</span>", text)


# ---- logging in


def test_the_form_logs_in_and_leads_to_the_account(app, stranger):
    answer = send_form(stranger, "/login", credentials("bob"), page="/login")
    assert answer.is_redirect
    assert answer.headers["Location"] == "/account"
    assert "Account of bob" in stranger.get("/account", headers=PAGE).text
    assert "remember" not in stranger.cookies


def test_the_box_is_ticked_to_be_remembered(stranger):
    send_form(stranger, "/login", {**credentials("bob"), "remember": "y"}, page="/login")
    assert "remember" in stranger.cookies
    assert Login.objects.get().remembered


def test_the_way_back_is_kept_through_a_wrong_password(stranger):
    sent = stranger.get("/people?x=1", headers=PAGE)
    assert sent.url.endswith("/login?next=%2Fpeople%3Fx%3D1")
    form = {**credentials("ada"), "next": "/people?x=1"}
    wrong = send_form(stranger, "/login", form | {"password": "wrong"}, page="/login")
    assert wrong.status_code == 401
    assert 'name="next" value="/people?x=1"' in wrong.text
    assert "The name or the password is wrong" in wrong.text
    assert PASSWORDS["ada"] not in wrong.text
    right = send_form(stranger, "/login", form, page="/login")
    assert right.headers["Location"] == "/people?x=1"


@pytest.mark.parametrize("form", [{}, {"username": "bob"}, {"username": "a\x00b", "password": "x"}])
def test_a_form_with_holes_names_the_fields(stranger, form):
    answer = send_form(stranger, "/login", form, page="/login")
    assert answer.status_code == 422
    page = read(answer)
    wrong = [one for one in page.inputs if one.get("aria-invalid") == "true"]
    assert wrong
    assert all(one["aria-describedby"] in page.ids for one in wrong)


def test_whoever_logs_in_again_finds_their_name_in_the_form(bob):
    assert 'value="bob"' in bob.get("/login", headers=PAGE).text


def test_the_button_logs_out(bob):
    answer = send_form(bob, "/logout")
    assert answer.headers["Location"] == "/login"
    assert who(bob) is None


def test_whoever_types_the_address_of_the_app_comes_to_their_account(bob, stranger):
    assert bob.get("/", headers=PAGE).url.endswith("/account")
    assert stranger.get("/", headers=PAGE).url.endswith("/login?next=%2Faccount")


# ---- the account


def test_the_email_address_is_changed(bob):
    assert send_form(bob, "/account/email", {"email": "new@example.org"}).is_redirect
    page = bob.get("/account", headers=PAGE).text
    assert "Your e-mail address is changed." in page
    assert 'value="new@example.org"' in page


def test_a_bad_email_address_stays_in_the_field_with_the_reason(bob):
    before = snapshot()
    answer = send_form(bob, "/account/email", {"email": "nonsense"})
    assert answer.status_code == 422
    assert 'value="nonsense"' in answer.text
    assert "This is no e-mail address." in answer.text
    summary = re.search(r'role="alert">.*?href="#([^"]+)"', answer.text, re.DOTALL)
    assert summary[1] in read(answer).ids
    assert snapshot() == before


def password_form(**more):
    return {"current_password": PASSWORDS["bob"], "new_password": NEW, "again": NEW} | more


def test_the_password_is_changed(app, bob):
    other = log_in(app, "bob")
    assert send_form(bob, "/account/password", password_form()).is_redirect
    assert (who(bob), who(other)) == ("bob", None)
    given = {"username": "bob", "password": NEW}
    assert in_process(app).post("/login", json=given).status_code == 200
    assert in_process(app).post("/login", json=credentials("bob")).status_code == 401


def test_a_remembered_browser_stays_remembered_after_a_change_of_password(app):
    bob = log_in(app, "bob", remember=True)
    before = bob.cookies["remember"]
    send_form(bob, "/account/password", password_form())
    assert bob.cookies["remember"] != before
    del bob.cookies["session"]
    assert who(bob) == "bob"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (password_form(current_password="wrong"), "This is not your current password."),
        (password_form(again="another one altogether"), "are not the same"),
        (password_form(new_password="short", again="short"), "Use at least 15"),
        (password_form(new_password="passwordpassword", again="passwordpassword"), "easy to guess"),
        ({}, "Fill in this field."),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(bob, form, said):
    before = snapshot()
    answer = send_form(bob, "/account/password", form)
    assert answer.status_code == 422
    assert said in answer.text
    assert snapshot() == before
    for secret in form.values():
        assert f'value="{secret}"' not in answer.text
    assert who(bob) == "bob"


def test_without_a_fresh_login_the_page_asks_for_the_password_instead(app):
    browser = in_process(app)
    browser.cookies.set("remember", log_in(app, "bob", remember=True).cookies["remember"])
    page = browser.get("/account", headers=PAGE).text
    assert "log in again" in page
    assert 'name="new_password"' not in page
    assert 'name="label"' not in page
    before = stored("bob")
    answer = send_form(browser, "/account/password", password_form())
    assert answer.headers["Location"] == "/login?next=%2Faccount"
    assert stored("bob") == before


# ---- devices


def test_the_page_lists_the_devices_and_signs_one_out(app, bob):
    other = log_in(app, "bob")
    page = bob.get("/account", headers=PAGE).text
    assert page.count("tutorial-browser") == 2
    assert page.count("(this device)") == 1
    mine = Login.objects.order_by("made").first()
    theirs = Login.objects(id__ne=mine.id).get()
    assert send_form(bob, f"/account/devices/{theirs.id}/sign-out").is_redirect
    assert (who(bob), who(other)) == ("bob", None)
    assert send_form(bob, f"/account/devices/{mine.id}/sign-out").headers["Location"] == "/login"
    assert who(bob) is None


def test_nobody_signs_out_a_device_of_somebody_else(app, ada, bob):
    theirs = Login.objects(user=stored("ada")["_id"]).get()
    assert send_form(bob, f"/account/devices/{theirs.id}/sign-out").status_code == 404
    assert who(ada) == "ada"


@pytest.mark.parametrize("name", ["nonsense", "0" * 24, "$ne", "%00", "x" * 500])
def test_a_device_that_cannot_be_one_is_a_404(bob, name):
    assert send_form(bob, f"/account/devices/{name}/sign-out").status_code == 404


# ---- people


def test_only_administrators_see_the_list(ada, bob, stranger):
    assert stranger.get("/people", headers=PAGE, allow_redirects=False).is_redirect
    assert bob.get("/people", headers=PAGE).status_code == 403
    page = ada.get("/people", headers=PAGE).text
    for name in PASSWORDS:
        assert f"{name}@example.org" in page
    assert "People" not in bob.get("/account", headers=PAGE).text


@pytest.mark.parametrize("deed", ["disable", "enable", "promote", "demote"])
def test_only_administrators_change_people(bob, deed):
    before = snapshot()
    assert send_form(bob, f"/people/{stored('cy')['_id']}/{deed}").status_code == 403
    assert snapshot() == before


def test_an_administrator_disables_and_enables_promotes_and_demotes(app, ada):
    path = f"/people/{stored('bob')['_id']}"
    for deed, field, value in [
        ("disable", "disabled", True),
        ("enable", "disabled", False),
        ("promote", "is_admin", True),
        ("demote", "is_admin", False),
    ]:
        assert send_form(ada, f"{path}/{deed}", page="/people").is_redirect
        assert stored("bob")[field] is value


@pytest.mark.parametrize("path", ["/people/nonsense/disable", f"/people/{'0' * 24}/disable"])
def test_a_person_that_does_not_exist_is_a_404(ada, path):
    assert send_form(ada, path, page="/people").status_code == 404


def test_a_deed_that_does_not_exist_is_a_404(ada):
    path = f"/people/{stored('bob')['_id']}/crown"
    assert send_form(ada, path, page="/people").status_code == 404


def test_changing_people_needs_a_fresh_login(app):
    browser = in_process(app)
    browser.cookies.set("remember", log_in(app, "ada", remember=True).cookies["remember"])
    path = f"/people/{stored('bob')['_id']}/promote"
    assert send_form(browser, path, page="/people").headers["Location"].startswith("/login")
    assert stored("bob")["is_admin"] is False
