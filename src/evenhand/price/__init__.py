"""Price: what each open defect touches, so that the dearest is mended first (错误代价).

Takes   subjects, what hangs on them (`REACHES`), open defects (findings, doubtful links, repairs, disputes), weights of a pack
Gives   for each subject what hangs on it and its price; for each kind of defect, rule, county and office what it touches together
Never   judges whether a defect is one; counts a subject twice for one rule; reads a clock, a file or chance
Law     rules/<authority>/price/ (DESIGN: weights are the platform's own)

The price of a subject is its own weight plus, for each thing that hangs on it, the weight of its kind. A defect costs what its subjects cost.
"""

from evenhand.price.counting import NEEDED, Priced, price
from evenhand.price.rules import PriceRules, read_price_rules

__all__ = ["NEEDED", "PriceRules", "Priced", "price", "read_price_rules"]
