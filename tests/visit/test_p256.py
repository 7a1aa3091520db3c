"""The signatures are those of the standards, and one that was changed anywhere is none."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from flasklogin_tutorial.visit import p256
from flasklogin_tutorial.visit.encoded import Malformed

#: RFC 6979, A.2.5: the key, its point, and two signatures with SHA-256.
PRIVATE = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
PUBLIC = (
    0x60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6,
    0x7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299,
)
SIGNED = {
    b"sample": (
        0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
        0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
    ),
    b"test": (
        0xF1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367,
        0x019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083,
    ),
}
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def number(value):
    raw = value.to_bytes(value.bit_length() // 8 + 1)
    return b"\x02" + bytes([len(raw)]) + raw


def pair(r, s):
    """Write two numbers as DER does."""
    body = number(r) + number(s)
    return b"\x30" + bytes([len(body)]) + body


def test_a_public_key_is_that_of_the_standard():
    assert p256.public_key_of(PRIVATE) == PUBLIC


@pytest.mark.parametrize("message", SIGNED)
def test_a_signature_is_that_of_the_standard_and_is_accepted(message):
    assert p256.sign(PRIVATE, message) == pair(*SIGNED[message])
    assert p256.verify(PUBLIC, message, pair(*SIGNED[message]))


def test_a_signature_is_good_for_one_message_and_one_key_only():
    signature = p256.sign(PRIVATE, b"sample")
    assert not p256.verify(PUBLIC, b"samplf", signature)
    assert not p256.verify(p256.public_key_of(PRIVATE + 1), b"sample", signature)
    r, s = SIGNED[b"sample"]
    assert not p256.verify(PUBLIC, b"sample", pair(r, s ^ 1))
    assert not p256.verify(PUBLIC, b"sample", pair(r ^ 1, s))


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (ORDER, 1), (1, ORDER), (0, 0)])
def test_numbers_that_no_signature_has_are_refused(r, s):
    assert not p256.verify(PUBLIC, b"sample", pair(r, s))


def test_two_random_keys_differ_and_two_of_one_seed_do_not():
    assert p256.new_private_key() != p256.new_private_key()
    assert p256.private_key_of(b"a") == p256.private_key_of(b"a") != p256.private_key_of(b"b")


GOOD = pair(*SIGNED[b"test"])


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"\x30",
        b"\x30\x00",
        GOOD[:-1],
        GOOD + b"\x00",
        b"\x31" + GOOD[1:],
        GOOD[:1] + bytes([GOOD[1] + 1]) + GOOD[2:] + b"\x00",
        b"\x30\x06\x02\x01\xff\x02\x01\x01",  # a number below 0
        b"\x30\x07\x02\x02\x00\x01\x02\x01\x01",  # 1 in two bytes
        b"\x30\x06\x02\x00\x02\x02\x01\x01",  # a number in no bytes
        b"\x30\x06\x03\x01\x01\x02\x01\x01",
        b"\x30\x03\x02\x01\x01",
        b"\x30\x46" + number(2**300)[:37] + bytes(35),
    ],
)
def test_what_is_no_signature_is_malformed(signature):
    with pytest.raises(Malformed, match="signature"):
        p256.verify(PUBLIC, b"test", signature)


FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1


@pytest.mark.parametrize(
    "public",
    [(PUBLIC[0], PUBLIC[1] ^ 1), (0, 0), (-1, 5), (PUBLIC[0] + FIELD, PUBLIC[1])],
)
def test_what_is_no_point_of_the_curve_is_malformed(public):
    with pytest.raises(Malformed, match="no point"):
        p256.verify(public, b"test", GOOD)


@pytest.mark.parametrize("number", range(5))
def test_cryptography_has_the_same_keys_and_takes_and_makes_the_same_signatures(number):
    private, message = p256.private_key_of(bytes([number])), bytes(number * 50)
    theirs, how = ec.derive_private_key(private, ec.SECP256R1()), ec.ECDSA(SHA256())
    public = theirs.public_key()
    assert p256.public_key_of(private) == (public.public_numbers().x, public.public_numbers().y)
    public.verify(p256.sign(private, message), message, how)
    assert p256.verify(p256.public_key_of(private), message, theirs.sign(message, how))
