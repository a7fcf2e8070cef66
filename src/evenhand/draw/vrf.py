"""A verifiable random value by a second authority: ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381, in plain whole numbers.

The seed takes the output, never the proof: one key can make many proofs of one output, and would otherwise pick among them.

>>> secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
>>> public = public_key(secret)
>>> proof = prove(secret, b"")  # example 16 of the RFC
>>> verified(public, b"", proof)[:16]
'90cf1df3b703cce5'
"""

import hashlib
from typing import Final

__all__ = ["is_key", "proof_output", "prove", "public_key", "verified"]

_P: Final = 2**255 - 19
_Q: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT: Final = pow(2, (_P - 1) // 4, _P)
_SUITE: Final = b"\x03"
_Point = tuple[int, int]


def _add(one: _Point, other: _Point) -> _Point:
    (a, b), (c, d) = one, other
    mixed = _D * a * c * b * d % _P
    return (a * d + c * b) * pow(1 + mixed, _P - 2, _P) % _P, (b * d + a * c) * pow(1 - mixed, _P - 2, _P) % _P


def _times(number: int, point: _Point) -> _Point:
    found: _Point = (0, 1)
    while number:
        if number & 1:
            found = _add(found, point)
        point, number = _add(point, point), number >> 1
    return found


def _negative(point: _Point) -> _Point:
    return -point[0] % _P, point[1]


def _encoded(point: _Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def _decoded(data: bytes) -> _Point | None:
    whole = int.from_bytes(data, "little")
    y, sign = whole & ((1 << 255) - 1), whole >> 255
    if len(data) != 32 or y >= _P:  # noqa: PLR2004 — bytes of a point
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    return (x if x & 1 == sign else _P - x, y)


_BASE: Final = _decoded((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")) or (0, 1)


def is_key(public: bytes) -> bool:
    """Whether a public key is a point that proofs can be made for."""
    point = _decoded(public)
    return point is not None and _times(8, point) != (0, 1)


def _keys(secret: bytes) -> tuple[int, bytes]:
    both = hashlib.sha512(secret).digest()
    number = int.from_bytes(both[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return number, both[32:]


def public_key(secret: bytes) -> bytes:
    """Return the public key of a secret of 32 bytes."""
    return _encoded(_times(_keys(secret)[0], _BASE))


def _to_curve(public: bytes, message: bytes) -> _Point:
    for count in range(256):
        tried = _decoded(hashlib.sha512(_SUITE + b"\x01" + public + message + bytes([count]) + b"\0").digest()[:32])
        if tried:
            return _times(8, tried)
    raise ArithmeticError("no point of the curve found in 256 tries")


def _challenge(*points: _Point) -> int:
    text = b"".join(map(_encoded, points))
    return int.from_bytes(hashlib.sha512(_SUITE + b"\x02" + text + b"\0").digest()[:16], "little")


def prove(secret: bytes, message: bytes) -> bytes:
    """Return the proof of 80 bytes for a message."""
    number, nonce_key = _keys(secret)
    public = _times(number, _BASE)
    h = _to_curve(_encoded(public), message)
    gamma = _times(number, h)
    nonce = int.from_bytes(hashlib.sha512(nonce_key + _encoded(h)).digest(), "little") % _Q
    c = _challenge(public, h, gamma, _times(nonce, _BASE), _times(nonce, h))
    return _encoded(gamma) + c.to_bytes(16, "little") + ((nonce + c * number) % _Q).to_bytes(32, "little")


def proof_output(proof: bytes) -> str:
    """Return the output of a proof, 128 hex digits; ValueError when its first part is no point."""
    gamma = _decoded(proof[:32])
    if gamma is None:
        raise ValueError("the proof holds no point of the curve")
    return hashlib.sha512(_SUITE + b"\x03" + _encoded(_times(8, gamma)) + b"\0").hexdigest()


def verified(public: bytes, message: bytes, proof: bytes) -> str | None:
    """Return the output when the proof is right for this key and message, else None."""
    point, gamma = _decoded(public), _decoded(proof[:32])
    if point is None or gamma is None or len(proof) != 80 or not is_key(public):  # noqa: PLR2004 — bytes of a proof
        return None
    c, s = int.from_bytes(proof[32:48], "little"), int.from_bytes(proof[48:], "little")
    if s >= _Q:
        return None
    h = _to_curve(public, message)
    u = _add(_times(s, _BASE), _negative(_times(c, point)))
    v = _add(_times(s, h), _negative(_times(c, gamma)))
    return proof_output(proof) if c == _challenge(point, h, gamma, u, v) else None
