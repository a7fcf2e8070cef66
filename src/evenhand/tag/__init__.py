"""Tag: what a subject is, as words of twelve families, each with its reason (主体标签).

Takes   subject, licence, membership and extracts of a build, the tag rules of a pack, the day
Gives   the table `tag` (subject, tag, rule, evidence, period); a parsed tag query; how tags agree with a known truth
Never   guesses where a rule cannot tell; reads a clock, a file or chance
Law     rules/<authority>/tags/ (DESIGN over the licensing, inspection and statistics rules named in each file)

A rule reads one view (rows of subjects, licences, production classes, sizes or events), keeps the rows its `where` accepts, and gives their
subjects its tag. A test on an empty cell fails: what is not known gives no tag. Keywords are looked for after the
contexts in which they mean something else are cut out of the text: 幼儿园路小吃店 is no kindergarten.

>>> str(parse_query("!两年已覆盖", {"T12": Family(code="T12", names=("监管关注",), values=(Value(code="T12-05", names=("两年未覆盖",), opposites=("两年已覆盖",)),))}))
'!(!(T12-05))'
"""

from evenhand.tag.cases import failing_cases
from evenhand.tag.measure import Agreement, agreement
from evenhand.tag.query import LONGEST, Both, Either, Family, Has, Node, Not, Value, families_of, parse_query
from evenhand.tag.rules import TagRules, read_tag_file, read_tag_rules
from evenhand.tag.tagging import tag_grades, tag_subjects
from evenhand.tag.views import NEEDED

__all__ = [
    "LONGEST", "NEEDED", "Agreement", "Both", "Either", "Family", "Has", "Node", "Not", "TagRules", "Value", "agreement", "failing_cases", "families_of", "parse_query", "read_tag_file",
    "read_tag_rules", "tag_grades", "tag_subjects",
]  # fmt: skip
