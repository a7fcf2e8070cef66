"""Link: which records speak of the same subject (主体归并).

Takes   the table of records, the linking rules of a pack
Gives   one membership per record, with rule, score and evidence; doubts for a person
Never   chains weak likenesses between two valid codes; depends on the order of rows; reads a file, a clock or chance
Law     rules/<authority>/link/keys.yaml (DESIGN)

1. Each valid unified code is one subject; its records are certain.
2. Every other record is tried against those subjects by each key. The most trusted key that names exactly one subject attaches it.
3. Records that name none are joined among themselves where they share a key, through others too.

What people decided goes before the rules (settling.py) and above them (merging.py); ids outlive a delivery when the previous release is given.

A head office and its branch have different branch parts in their names and never meet, except under the same code.
"""

from evenhand.link.join import Linked, link
from evenhand.link.likeness import train
from evenhand.link.likeness_rules import read_likeness
from evenhand.link.measure import Pairwise, pairwise
from evenhand.link.merging import Previous
from evenhand.link.rules import LinkRules, read_link_rules

__all__ = ["LinkRules", "Linked", "Pairwise", "Previous", "link", "pairwise", "read_likeness", "read_link_rules", "train"]
