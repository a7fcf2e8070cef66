"""Plan: duties from law and campaigns become the fewest lawful visits, level over offices and weeks (任务计划).

Takes   duties with their windows; policy; capacity
Gives   visits with the duties each serves and why others stand apart; weeks
Never   loses a duty, moves an end that the law or an approval set, puts an unannounced duty on a visit that is told; reads a clock, file, network or chance
Law     rules/<authority>/planning/, rules/<authority>/parameters/inspection/

Days are whole numbers from the Monday on or before the first day of the plan.
"""

from evenhand.plan.batch import DUTY_COLUMNS, Merged, merge_duties
from evenhand.plan.duties import NEEDED, Period, PlannedDuties, build_duties
from evenhand.plan.level import Levelled, hall_bound, level, weeks_of
from evenhand.plan.merge import merge, split, visit_id, why_apart
from evenhand.plan.rules import PlanRules, read_plan_rules
from evenhand.plan.shapes import KINDS, LEVELS, Class, Duty, Policy, Visit, class_of

__all__ = [
    "DUTY_COLUMNS", "KINDS", "LEVELS", "NEEDED", "Class", "Duty", "Levelled", "Merged", "Period", "PlanRules", "PlannedDuties", "Policy", "Visit", "build_duties", "class_of",
    "hall_bound", "level", "merge", "merge_duties", "read_plan_rules", "split", "visit_id", "weeks_of", "why_apart",
]  # fmt: skip
