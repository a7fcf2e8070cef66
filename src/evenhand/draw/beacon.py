"""The signature of the beacon drand quicknet: whether the network signed this round (信标签名核对).

The value that enters the seed is the SHA-256 of the signature, so the hash needs the standard library only. That the network made the signature is a
pairing on the curve BLS12-381; the package `drand-verify` does it where it is installed (`pip install evenhand[beacon]`), without a network.

>>> is_signed(123, "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92") in {True, None}
True
>>> is_signed(124, "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92") in {False, None}
True
>>> beacon_value(123, "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92")
'drand:quicknet:123:fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc'
"""

import re
from typing import Final

from evenhand.draw.hashes import digest

try:
    import drand_verify
except ImportError:  # an extra: no wheel for every Python
    drand_verify = None

__all__ = ["CAN_CHECK", "beacon_value", "is_signature", "is_signed"]

CAN_CHECK: Final = drand_verify is not None
"""Whether signatures can be checked on this machine."""


def is_signature(text: str) -> bool:
    """Whether a text is written as a signature of quicknet: 48 bytes in lower-case hex."""
    return re.fullmatch(r"[0-9a-f]{96}", text) is not None


def beacon_value(round_: int, signature: str) -> str:
    """Return the public value of a round from its signature."""
    return f"drand:quicknet:{round_}:{digest('sha256', bytes.fromhex(signature))}"


def is_signed(round_: int, signature: str) -> bool | None:
    """Whether the network signed this round; None when it cannot be checked here."""
    if drand_verify is None:
        return None
    if not is_signature(signature):
        return False
    try:
        drand_verify.verify_quicknet(round_, signature)
    except ValueError:
        return False
    return True
