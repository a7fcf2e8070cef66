"""Plan: duties from law and campaigns become the fewest lawful visits, level over offices and weeks (任务计划).

Takes   duties with their windows; policy; capacity
Gives   visits with the duties each serves and why others stand apart; weeks
Never   loses a duty, moves an end that the law or an approval set, puts an unannounced duty on a visit that is told; reads a clock, file, network or chance
Law     rules/<authority>/planning/, rules/<authority>/parameters/inspection/

Days are whole numbers from the Monday on or before the first day of the plan.
"""

from evenhand.plan.apart import apart_of
from evenhand.plan.approvals import Approvals, read_approvals
from evenhand.plan.batch import DUTY_COLUMNS, Merged, merge_duties, with_items
from evenhand.plan.budget import Capped, over_budget, within
from evenhand.plan.campaigns import Approval, Campaign, campaigns_of
from evenhand.plan.duties import Inputs, PlannedDuties, build_duties, campaign_duties, campaign_objects
from evenhand.plan.insert import STEPS, Inserted, Pending, Step, insert
from evenhand.plan.level import Levelled, hall_bound, level, weeks_of
from evenhand.plan.matters import LINES, Matter, Matters, read_matters
from evenhand.plan.merge import merge, split, visit_id, why_apart
from evenhand.plan.period import WEEK, Period
from evenhand.plan.quarter import QuarterFrame, quarter_frame
from evenhand.plan.relieve import Place, Relieved, relieve
from evenhand.plan.rules import PlanRules, read_plan_rules
from evenhand.plan.seasons import Season, Seasons, drafts_of, read_seasons
from evenhand.plan.shapes import KINDS, LEVELS, Class, Duty, Policy, Visit, class_of
from evenhand.plan.standing import NEEDED, Standing, standing_of
from evenhand.plan.tours import savings, toured

__all__ = [
    "DUTY_COLUMNS", "KINDS", "LEVELS", "LINES", "NEEDED", "STEPS", "WEEK", "Approval", "Approvals", "Campaign", "Capped", "Class", "Duty", "Inputs", "Inserted", "Levelled", "Matter", "Matters", "Merged", "Pending", "Period", "Place", "PlanRules",
    "PlannedDuties", "Policy", "QuarterFrame", "Relieved", "Season", "Seasons", "Standing", "Step", "Visit", "apart_of", "build_duties", "campaign_duties", "campaign_objects", "campaigns_of", "class_of", "drafts_of", "hall_bound", "insert", "level", "merge", "merge_duties", "over_budget", "quarter_frame",
    "read_approvals", "read_matters", "read_plan_rules", "read_seasons", "relieve", "savings", "split", "standing_of", "toured", "visit_id", "weeks_of", "why_apart", "with_items", "within",
]  # fmt: skip
