"""A round of the public beacon that really happened, so that tests need not forge one.

Whoever commits at `AT` with a delay of 600 seconds has named round 123 of drand quicknet.
"""

from typing import Final

AT: Final = 1_692_803_130
SIGNATURE: Final = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92"
BEACON: Final = "drand:quicknet:123:fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc"
