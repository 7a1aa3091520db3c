"""Signatures with the curve P-256 and SHA-256, which WebAuthn calls ES256, in plain Python.

For reading, for tests, and for the browser tab. **Not for keeping anything safe**: how long it
takes depends on the key, so whoever can measure it can learn of the key (it is not constant-time).
The finished app uses `webauthn`, which leaves this to `cryptography`.

Sources: FIPS 186-5 and SP 800-186 for the curve and the signature; RFC 6979 for a nonce that is
made of the key and the message, so that one message has one signature; RFC 3279, 2.2.3, for how the
two numbers of a signature are written.
"""

import hashlib
import hmac
import secrets

from flasklogin_tutorial.visit.encoded import Malformed

#: A point of the curve.
Point = tuple[int, int]

#: The field, the curve's y² = x³ - 3x + B, the point that all begins with, and how many there are.
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

#: How DER marks a pair and a number.
_PAIR, _NUMBER = 0x30, 0x02


def new_private_key() -> int:
    """Return a new private key: a random number that nobody else has."""
    return private_key_of(secrets.token_bytes(40))


def private_key_of(seed: bytes) -> int:
    """Make a private key of bytes, the same for the same ones.

    Args:
        seed: the bytes. Whoever knows them has the key.

    Returns:
        The private key.
    """
    return int.from_bytes(hashlib.sha512(seed).digest()) % (_N - 1) + 1


def public_key_of(private: int) -> Point:
    """Return the public key of a private one.

    Args:
        private: the private key.

    Returns:
        The public key, from which nobody can find the private one.
    """
    point = _times(private, _G)
    assert point is not None  # only a multiple of _N has none
    return point


def sign(private: int, message: bytes) -> bytes:
    """Sign a message.

    Args:
        private: the private key.
        message: what is signed.

    Returns:
        The signature, 70 to 72 bytes in most cases.
    """
    digest = hashlib.sha256(message).digest()
    nonce = _nonce(private, digest)
    r = public_key_of(nonce)[0] % _N
    s = pow(nonce, -1, _N) * (int.from_bytes(digest) + r * private) % _N
    return _pair(r, s)


def verify(public: Point, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature was made with the private key of this public one, of this message.

    Args:
        public: the public key.
        message: what is said to be signed.
        signature: the signature.

    Returns:
        Whether it was.

    Raises:
        Malformed: the signature is no pair of numbers, or the key is no point of the curve.
    """
    require_point(public)
    r, s = _read_pair(signature)
    if not (0 < r < _N and 0 < s < _N):
        return False
    inverse = pow(s, -1, _N)
    digest = int.from_bytes(hashlib.sha256(message).digest())
    point = _plus(_times(digest * inverse % _N, _G), _times(r * inverse % _N, public))
    return point is not None and point[0] % _N == r


def require_point(point: Point) -> None:
    """Raise `Malformed` unless a point is one of the curve, as each public key is."""
    x, y = point
    if not (0 <= x < _P and 0 <= y < _P) or (y * y - x**3 + 3 * x - _B) % _P:
        raise Malformed("the public key is no point of the curve P-256")


# ---- the curve


def _plus(one: Point | None, other: Point | None) -> Point | None:
    """Add two points; None is the point that changes nothing."""
    if one is None or other is None:
        return one or other
    (x, y), (u, v) = one, other
    if x == u and (y + v) % _P == 0:
        return None
    rise, run = (3 * (x * x - 1), 2 * y) if x == u else (v - y, u - x)
    slope = rise * pow(run, -1, _P)
    sum_x = (slope * slope - x - u) % _P
    return sum_x, (slope * (x - sum_x) - y) % _P


def _times(number: int, point: Point | None) -> Point | None:
    """Add a point to itself, so many times."""
    found = None
    while number:
        if number & 1:
            found = _plus(found, point)
        point, number = _plus(point, point), number >> 1
    return found


def _nonce(private: int, digest: bytes) -> int:
    """Return the nonce of RFC 6979, 3.2. Two messages with one nonce would give the key away."""
    seed = private.to_bytes(32) + (int.from_bytes(digest) % _N).to_bytes(32)
    key, value = bytes(32), b"\x01" * 32
    for mark in (b"\x00", b"\x01"):
        key = _mac(key, value + mark + seed)
        value = _mac(key, value)
    while True:
        value = _mac(key, value)
        if 0 < int.from_bytes(value) < _N:
            return int.from_bytes(value)
        key = _mac(key, value + b"\x00")
        value = _mac(key, value)


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


# ---- two numbers as bytes


def _pair(r: int, s: int) -> bytes:
    body = _number(r) + _number(s)
    return bytes([_PAIR, len(body)]) + body


def _number(value: int) -> bytes:
    raw = value.to_bytes(value.bit_length() // 8 + 1)  # with a bit to spare, for the sign
    return bytes([_NUMBER, len(raw)]) + raw


def _read_pair(raw: bytes) -> tuple[int, int]:
    if len(raw) < 2 or raw[0] != _PAIR or raw[1] != len(raw) - 2:
        raise Malformed("the signature is no pair of numbers in DER")
    r, rest = _read_number(raw[2:])
    s, rest = _read_number(rest)
    if rest or _pair(r, s) != raw:  # one pair is written in one way
        raise Malformed("the signature is a pair of numbers, and not as DER writes it")
    return r, s


def _read_number(raw: bytes) -> tuple[int, bytes]:
    if len(raw) < 3 or raw[0] != _NUMBER or not 0 < raw[1] <= min(33, len(raw) - 2):
        raise Malformed("the signature has no number where DER has one")
    end = 2 + raw[1]
    return int.from_bytes(raw[2:end]), raw[end:]
