"""Grade: how risky each business is, from A to D, by models that a jurist can read and an owner can recompute (风险分级).

Takes   subjects, licences, tags and what happened to them; the models, schemes and triggers of a pack; the day
Gives   tables `trait` (facts), `ground` (what happened), `grade` (periods with score, grade, triggers, frequency, both times); for one subject every point with its reason
Never   looks at an inspector or an office; takes what is not known for harmless; reads a clock, a file or chance
Law     rules/<authority>/grading/

What a subject is gives static points; what happened to it counts in an interval, from the day the scheme says until its window ends; triggers lift or lower
the grade; a guard keeps it from flipping. Two engines give the same answer: the reference reads the rules for one subject and one day, the batch sums
marks over all subjects and days.

>>> grade_of(305, shipped_rules().schemes["FJ-DEFAULT"].bands)  # 30.5 points: B
1
"""

from evenhand.grade.advice import Advice, advise, what_if
from evenhand.grade.cases import Case, case_period, failing_cases, read_cases
from evenhand.grade.dossier import Dossier, Ground
from evenhand.grade.facts import FACTS, GROUNDS
from evenhand.grade.faults import faults
from evenhand.grade.gathering import NEEDED
from evenhand.grade.grading import Period, Standing, grade_of, periods, standing_on
from evenhand.grade.law import Line, condition_text, frequency_lines, indicator_lines, trigger_lines
from evenhand.grade.measure import Backtest, measure
from evenhand.grade.reading import read_grade_rules
from evenhand.grade.register import Graded, grade_register, with_known
from evenhand.grade.ruleset import GradeRules
from evenhand.grade.scoring import Point, Since
from evenhand.grade.shapes import GRADES, Model, Scheme, Trigger
from evenhand.grade.sweep import grade_subjects
from evenhand.grade.wording import band_text, fired_text, frequency_text, point_rows, sentences
from evenhand.rulebook import shipped_pack

__all__ = [
    "FACTS",
    "GRADES",
    "GROUNDS",
    "NEEDED",
    "Advice",
    "Backtest",
    "Case",
    "Dossier",
    "GradeRules",
    "Graded",
    "Ground",
    "Line",
    "Model",
    "Period",
    "Point",
    "Scheme",
    "Since",
    "Standing",
    "Trigger",
    "advise",
    "band_text",
    "case_period",
    "condition_text",
    "failing_cases",
    "faults",
    "fired_text",
    "frequency_lines",
    "frequency_text",
    "grade_of",
    "grade_register",
    "grade_subjects",
    "indicator_lines",
    "measure",
    "periods",
    "point_rows",
    "read_cases",
    "read_grade_rules",
    "sentences",
    "shipped_rules",
    "standing_on",
    "trigger_lines",
    "what_if",
    "with_known",
]  # fmt: skip


def shipped_rules() -> GradeRules:
    """Return the grading rules that come with the product."""
    return read_grade_rules(shipped_pack())
