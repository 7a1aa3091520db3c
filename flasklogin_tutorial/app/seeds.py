"""How the seed of a second factor lies in the database: encrypted, where the settings have a key.

A code is compared with one that the server makes of the same seed, so a hash will not do. The key
stands in the settings: whoever reads the database alone, or one of its backups, makes nobody's
codes. It does not help against whoever reads the settings of the server too.

A seed is bound to the id of its user: put into another record, it cannot be read. Each is encrypted
with AES-GCM, under the first key, and read with any of them (see SECOND_FACTOR_KEY_FALLBACKS).
Without a key, as in development, it is stored as it is; one that was is still read when there is a
key, and encrypted when it is next used.

The package `cryptography` is imported where a key is used, so an app without one does without it.
"""

import base64
import secrets
from collections.abc import Iterator

from bson import ObjectId
from flask import current_app

from .failures import log_failure
from .refusals import SeedNotReadable

_PLAIN, _SEALED = "plain:", "aes-gcm:"

#: Bytes. Source: NIST SP 800-38D, section 8.2.2, for random ones.
_NONCE = 12


def seal(seed: str, user_id: ObjectId) -> str:
    """Return what is stored of a seed.

    Args:
        seed: the seed.
        user_id: whose it is.

    Returns:
        A text that says how it is to be read.
    """
    for key in _keys():
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(key).encrypt(nonce, seed.encode(), user_id.binary)
        return _SEALED + base64.b64encode(nonce + sealed).decode()
    return _PLAIN + seed


def unseal(stored: str, user_id: ObjectId) -> tuple[str, bool]:
    """Return the seed that was stored.

    Args:
        stored: what `seal` returned.
        user_id: whose it is.

    Returns:
        The seed, and whether `seal` still does the same: False where it was stored without a key
        or under a former one.

    Raises:
        SeedNotReadable: none of the keys is the one that it was encrypted with, or it is another
            user's.
    """
    keys = list(_keys())
    if stored.startswith(_PLAIN):
        return stored.removeprefix(_PLAIN), not keys
    if keys:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        whole = base64.b64decode(stored.removeprefix(_SEALED))
        for key in keys:
            try:
                seed = AESGCM(key).decrypt(whole[:_NONCE], whole[_NONCE:], user_id.binary)
            except InvalidTag:
                continue
            return seed.decode(), key == keys[0]
    log_failure(
        "The seed of a second factor cannot be read: it was encrypted with a key that is neither "
        "SECOND_FACTOR_KEY nor among SECOND_FACTOR_KEY_FALLBACKS."
    )
    raise SeedNotReadable


def _keys() -> Iterator[bytes]:
    """Yield the keys, the one that encrypts first; each is 256 bits, made of a text."""
    config = current_app.config
    if config["SECOND_FACTOR_KEY"] is None:
        return
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    for text in (config["SECOND_FACTOR_KEY"], *config["SECOND_FACTOR_KEY_FALLBACKS"]):
        yield HKDF(SHA256(), 32, salt=None, info=b"seed of a second factor").derive(text.encode())
