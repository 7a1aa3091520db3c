"""Which addresses mail is sent to: one mailbox each, in letters that nobody mistakes."""

import pytest

from flasklogin_tutorial.app.addresses import read_address
from flasklogin_tutorial.app.refusals import BadAddress


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        "Ada.Lovelace+lists@mail.example.org",
        "o'neill@example.co.uk",
        "a_b-c@xn--bcher-kva.example",
    ],
)
def test_an_ordinary_address_is_taken_as_it_was_written(text):
    address = read_address(text)
    assert (address.written, address.key) == (text, text.lower())


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org, mallory@evil.example",
        "ada@example.org,mallory@evil.example",
        "ada@example.org;mallory@evil.example",
        "ada@example.org mallory@evil.example",
        "ada@example.org\r\nBcc: mallory@evil.example",
        "ada@example.org\n",
        "\nada@example.org",
        "ada@example.org%0ABcc:mallory@evil.example",
        "Ada <ada@example.org>",
        '"a b"@example.org',
        "ada@[127.0.0.1]",
        "ada%evil.example@example.org",
        "evil.example!ada@example.org",
        "@evil.example:ada@example.org",
        "ada@example",
        "ada@-example.org",
        "ada..l@example.org",
        "ada",
        "",
    ],
)
def test_what_is_not_one_mailbox_is_refused(text):
    with pytest.raises(BadAddress, match="not one e-mail address"):
        read_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "\u0430da@example.org",  # a Cyrillic letter
        "ada@ex\u0430mple.org",
        "m\u0131ke@example.org",  # an i without a dot, which is an i where texts are compared
        "ada@example\uff0eorg",
        "ada@example.org\u202e",
    ],
)
def test_a_letter_that_looks_like_another_is_refused_and_named(text):
    [odd] = {character for character in text if not character.isascii()}
    with pytest.raises(BadAddress) as refused:
        read_address(text)
    assert f"U+{ord(odd):04X}" in refused.value.problem


def test_a_domain_that_is_shown_in_other_letters_is_refused_if_it_looks_like_plain_ones():
    for label in ("\u0430\u0440\u0440\u04cf\u0435", "ex\u0430mple"):  # all of it Cyrillic; a part
        encoded = label.encode("idna").decode()
        with pytest.raises(BadAddress, match=encoded):
            read_address(f"ada@{encoded}.example")
    with pytest.raises(BadAddress, match="cannot be read"):
        read_address("ada@xn--zzzz99.example")
