"""Repair: what the code of a record must have been, with reasons (代码修复, the code doctor).

Takes   the table of records, membership, the extracts as standardised, what people decided, the repair rules of a pack
Gives   per record without a right unified code up to three proposals: code, rule, confidence, evidence, state
Never   writes into a record: a proposal is a row beside it; lets a rule act alone whose measured precision is too low; says a code is a
        fact that no source states; reads a file, a clock or chance
Law     rules/<authority>/repair/codes.yaml (DESIGN); GB 32100-2015 and GB 11714-1997 for the check signs

1. The text itself: one sign wrong, two neighbours swapped, a sign lost or doubled, cut off, hidden in a longer text, in another column
   of the row. The modulus 31 gives the one sign that fits at each place, so 18 texts are tried and not 18 times 30.
2. Other sources: the valid code of the subject that the record was put to, by the reason it was put there.
3. A code that comes out must pass both check signs and stand in another record; agreement with that code's records is counted.
4. The first rule of the pack that fits names the proposal. What people decided goes before every rule.
5. Where nothing was found: codes of namesakes for a person to look at, and, as a hint only, the code put together from its parts.
"""

from evenhand.repair.measure import Answers, count_answers
from evenhand.repair.proposing import NEEDED, propose
from evenhand.repair.rules import STATES, RepairRule, RepairRules, read_repair_rules

__all__ = ["NEEDED", "STATES", "Answers", "RepairRule", "RepairRules", "count_answers", "propose", "read_repair_rules"]
