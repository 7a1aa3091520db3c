"""The forms of a page, as a browser reads them."""

from flasklogin_tutorial.visit import read_forms


def test_forms_are_read_with_their_hidden_fields():
    page = """<form action="/a"><input name="x" value="1"><input type=checkbox name=y>
    <input value=2></form><form><input name="t" type="hidden" value="&lt;3"></form>"""
    first, second = read_forms(page)
    assert (first.action, first.inputs) == ("/a", {"x": "1"})
    assert (second.action, second.inputs) == ("", {"t": "<3"})
