"""The numbers of the algorithms."""

from enum import IntEnum


class COSEAlgorithmIdentifier(IntEnum):
    """The algorithms that a page may name. The stand-in checks the first alone."""

    ECDSA_SHA_256 = -7
    EDDSA = -8
    ECDSA_SHA_512 = -36
    RSASSA_PSS_SHA_256 = -37
    RSASSA_PKCS1_v1_5_SHA_256 = -257
