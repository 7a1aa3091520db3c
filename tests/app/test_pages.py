"""The pages for people, as a person with a plain browser uses them."""

import re
from html.parser import HTMLParser

import pytest
from werkzeug.security import check_password_hash

from flasklogin_tutorial.app.models import Login
from flasklogin_tutorial.visit import in_process

from .conftest import (
    PAGE,
    PASSWORDS,
    credentials,
    log_in,
    populate,
    send_form,
    snapshot,
    stored,
    who,
)

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


def person_path(name):
    return f"/people/{stored(name)['_id']}"


def add_person(browser, name="dora", email="dora@example.org", **more):
    return send_form(browser, "/people", {"name": name, "email": email} | more, page="/people")


def delete_person(browser, name):
    path = person_path(name) + "/delete"
    return send_form(browser, path, page=path)


def first_password_on(page):
    return re.search(r'<code class="secret">([^<]+)</code>', page.text)[1]


PAGES = {
    "the login form": lambda ada: ada.get("/login", headers=PAGE),
    "the account": lambda ada: ada.get("/account", headers=PAGE),
    "the people": lambda ada: ada.get("/people", headers=PAGE),
    "somebody added": lambda ada: add_person(ada),
    "somebody not added": lambda ada: add_person(ada, name="bob", email="nonsense"),
    "a deletion": lambda ada: ada.get(person_path("bob") + "/delete", headers=PAGE),
    "a refused deletion": lambda ada: delete_person(ada, "ada"),
    "an error": lambda ada: ada.get("/nowhere", headers=PAGE),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_can_be_used_without_a_script_without_a_mouse_and_without_seeing_it(ada, kind):
    send_form(ada, "/account/tokens", {"label": "nightly backup"})
    page = read(PAGES[kind](ada))
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
        assert re.search(rf"Delete<span class=\"spoken\"> {name}</span>", text)


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
    assert page.count("unknown browser") == 2
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


# ---- adding somebody


def test_an_administrator_adds_a_person_who_logs_in_with_the_password_shown(app, ada):
    answer = add_person(ada)
    assert answer.status_code == 201
    assert "dora is added" in answer.text
    password = first_password_on(answer)
    dora = in_process(app)
    given = {"username": "dora", "password": password}
    assert send_form(dora, "/login", given, page="/login").headers["Location"] == "/account"
    assert "Account of dora" in dora.get("/account", headers=PAGE).text
    assert dora.get("/people", headers=PAGE).status_code == 403
    listed = ada.get("/people", headers=PAGE).text
    assert "dora@example.org" in listed
    assert password not in listed


def test_every_first_password_is_another(ada):
    assert first_password_on(add_person(ada)) != first_password_on(add_person(ada, name="eve"))


def test_a_first_password_ends_and_only_whoever_has_it_is_told(app, ada, later):
    given = {"username": "dora", "password": first_password_on(add_person(ada))}
    later(hours=71)
    assert in_process(app).post("/login", json=given).status_code == 200
    later(hours=73)
    answer = in_process(app).post("/login", json=given)
    assert (answer.status_code, answer.json()["code"]) == (401, "first_password_over")
    on_the_page = send_form(in_process(app), "/login", given, page="/login")
    assert on_the_page.status_code == 401
    assert "Ask an administrator" in on_the_page.text
    wrong = in_process(app).post("/login", json=given | {"password": "a guess at it"})
    assert wrong.json()["code"] == "wrong_credentials"


def test_how_long_a_first_password_works_is_a_setting(make_app, later):
    app = populate(make_app(FIRST_PASSWORD_HOURS=1))
    given = {"username": "dora", "password": first_password_on(add_person(log_in(app, "ada")))}
    later(minutes=61)
    assert in_process(app).post("/login", json=given).status_code == 401


def test_a_password_of_ones_own_has_no_end(app, ada, later):
    first = first_password_on(add_person(ada))
    dora = in_process(app)
    dora.post("/login", json={"username": "dora", "password": first})
    assert "Choose a password of your own" in dora.get("/account", headers=PAGE).text
    assert "first password until" in ada.get("/people", headers=PAGE).text
    send_form(dora, "/account/password", password_form(current_password=first))
    assert "Choose a password of your own" not in dora.get("/account", headers=PAGE).text
    assert "first password until" not in ada.get("/people", headers=PAGE).text
    later(days=400)
    given = {"username": "dora", "password": NEW}
    assert in_process(app).post("/login", json=given).status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "field", "said"),
    [
        ({"name": "bob"}, 409, "name", "Another user has this name."),
        ({"name": " bob"}, 422, "name", "This has a space at an end"),
        ({"name": "x" * 65}, 422, "name", "This is longer than 64 characters."),
        ({"name": ""}, 422, "name", "Fill in this field."),
        ({"email": "nonsense"}, 422, "email", "This is no e-mail address."),
        ({"email": ""}, 422, "email", "Fill in this field."),
    ],
)
def test_a_person_who_cannot_be_added_changes_nothing(ada, form, status, field, said):
    before = snapshot()
    answer = add_person(ada, **form)
    assert answer.status_code == status
    assert snapshot() == before
    page = read(answer)
    wrong = [one for one in page.inputs if one.get("aria-invalid") == "true"]
    assert [one["name"] for one in wrong] == [field]
    assert re.search(rf'id="person-{field}-error">{said}', answer.text)
    assert f'<a href="#person-{field}">' in answer.text
    assert 'class="secret"' not in answer.text
    kept = {one["name"]: one.get("value") for one in page.inputs}
    given = {"name": "dora", "email": "dora@example.org"} | form
    assert kept == given


def test_what_the_form_does_not_have_is_not_written(ada):
    assert add_person(ada, is_admin="y", password=NEW, login_epoch="9").status_code == 201
    dora = stored("dora")
    assert (dora["is_admin"], dora["login_epoch"]) == (False, 0)
    assert not check_password_hash(dora["password_hash"], NEW)


# ---- deleting somebody


def test_an_administrator_deletes_a_person_after_a_question(app, ada):
    bob = log_in(app, "bob")
    path = person_path("bob") + "/delete"
    assert f'href="{path}"' in ada.get("/people", headers=PAGE).text
    question = ada.get(path, headers=PAGE)
    assert "Delete bob?" in question.text
    assert stored("bob") is not None
    answer = delete_person(ada, "bob")
    assert answer.headers["Location"] == "/people"
    assert stored("bob") is None
    assert who(bob) is None
    page = ada.get("/people", headers=PAGE).text
    assert "bob is deleted." in page
    assert "bob@example.org" not in page
    assert ada.get(path, headers=PAGE).status_code == 404


def test_the_last_administrator_is_not_deleted_and_the_page_says_why(ada):
    before = snapshot()
    answer = delete_person(ada, "ada")
    assert answer.status_code == 409
    assert "Not deleted. Without this user nobody could manage the others." in answer.text
    assert snapshot() == before
    assert who(ada) == "ada"


def test_an_administrator_who_deletes_their_own_account_comes_to_the_login_form(app, ada):
    send_form(ada, person_path("bob") + "/promote", page="/people")
    assert "This is your own account" in ada.get(person_path("ada") + "/delete", headers=PAGE).text
    assert delete_person(ada, "ada").headers["Location"] == "/login"
    assert stored("ada") is None
    assert who(ada) is None
    assert "ada is deleted." in ada.get("/login", headers=PAGE).text


# ---- who may add and delete

DEEDS = {
    "adding": lambda: ("/people", {"name": "dora", "email": "dora@example.org"}),
    "deleting": lambda: (person_path("cy") + "/delete", {}),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_else_adds_or_deletes(bob, stranger, deed):
    path, form = DEEDS[deed]()
    before = snapshot()
    assert send_form(bob, path, form).status_code == 403
    away = send_form(stranger, path, form, page="/login")
    assert away.headers["Location"].startswith("/login")
    assert snapshot() == before


def test_nobody_else_is_asked_whether_to_delete(bob, stranger):
    path = person_path("cy") + "/delete"
    assert bob.get(path, headers=PAGE).status_code == 403
    assert stranger.get(path, headers=PAGE, allow_redirects=False).is_redirect


@pytest.mark.parametrize("deed", DEEDS)
def test_adding_and_deleting_need_the_proof_that_the_page_was_open(ada, deed):
    path, form = DEEDS[deed]()
    before = snapshot()
    for token in ({"no": "token"}, {"csrf_token": "forged"}):
        answer = ada.post(path, data=form | token, headers=PAGE, allow_redirects=False)
        assert (answer.status_code, "Form expired" in answer.text) == (400, True)
    assert ada.post(path, json=form).status_code == 415
    assert snapshot() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_adding_and_deleting_need_a_fresh_login(app, deed):
    browser = in_process(app)
    browser.cookies.set("remember", log_in(app, "ada", remember=True).cookies["remember"])
    path, form = DEEDS[deed]()
    before = snapshot()["User"]
    answer = send_form(browser, path, form, page="/people")
    assert answer.headers["Location"].startswith("/login")
    assert snapshot()["User"] == before


def test_without_a_fresh_login_the_pages_ask_for_the_password_and_come_back(app):
    browser = in_process(app)
    browser.cookies.set("remember", log_in(app, "ada", remember=True).cookies["remember"])
    page = browser.get("/people", headers=PAGE)
    assert 'href="/login?next=/people"' in page.text
    assert 'name="email"' not in page.text
    path = person_path("bob") + "/delete"
    sent = browser.get(path, headers=PAGE)
    assert sent.url.endswith("/login?next=" + path.replace("/", "%2F"))
    back = send_form(browser, "/login", {**credentials("ada"), "next": path}, page="/login")
    assert back.headers["Location"] == path
    assert "Delete bob?" in browser.get(path, headers=PAGE).text


@pytest.mark.parametrize("name", ["nonsense", "0" * 24, "$ne", "%00", "x" * 500])
def test_whoever_is_not_there_is_not_deleted(ada, name):
    path = f"/people/{name}/delete"
    assert ada.get(path, headers=PAGE).status_code == 404
    assert send_form(ada, path, page="/people").status_code == 404
