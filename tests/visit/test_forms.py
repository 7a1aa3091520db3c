"""The forms of a page, read as a browser reads them."""

from flasklogin_tutorial.visit import find_form, read_forms, read_token

PAGE = """
<input name="outside" value="of every form">
<form action="/search"><input name="q"></form>
<form method="post" enctype="Multipart/Form-Data">
  <input type="hidden" name="csrf_token" value="a &amp; b">
  <input name="username" value="ada"><input name="password" type="password">
  <input type="checkbox" name="remember" value="y"><input value="without a name">
</form>
"""


def test_a_form_has_the_fields_that_a_browser_would_send():
    search, login = read_forms(PAGE)
    assert (search.action, search.inputs, search.enctype) == ("/search", {"q": ""}, "")
    assert login.inputs == {"csrf_token": "a & b", "username": "ada", "password": ""}
    assert (login.action, login.enctype) == ("", "multipart/form-data")


def test_a_form_is_found_by_a_field_of_it():
    assert find_form(PAGE, "password").inputs["username"] == "ada"
    assert find_form(PAGE, "outside") is None
    assert read_forms("") == []


def test_a_token_is_read_from_whichever_form_has_it():
    assert read_token(PAGE) == {"csrf_token": "a & b"}
    assert read_token(PAGE, "q") == {"q": ""}
    assert read_token(PAGE, "token") == {}
