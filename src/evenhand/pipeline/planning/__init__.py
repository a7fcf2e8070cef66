"""Plans on disk: from a release to visits with weeks, the proof of coverage, what it costs; frames of a quarter; late campaigns (任务计划)."""

from evenhand.pipeline.planning.amending import plan_faults, split_visit, weeks_from
from evenhand.pipeline.planning.inserting import Displacement, insert_campaign, write_displacement
from evenhand.pipeline.planning.making import Plan, make_plan, period_of
from evenhand.pipeline.planning.naming import check_campaigns, check_subjects, check_visits
from evenhand.pipeline.planning.quarters import QuarterFrames, drawn_by, frames_of, write_frames
from evenhand.pipeline.planning.reading import PlanFolder, open_plan, read_campaigns
from evenhand.pipeline.planning.seasons import Draft, season_drafts, write_drafts
from evenhand.pipeline.planning.staffing import OfficeLoad
from evenhand.pipeline.planning.writing import write_plan

__all__ = [
    "Displacement",
    "Draft",
    "OfficeLoad",
    "Plan",
    "PlanFolder",
    "QuarterFrames",
    "check_campaigns",
    "check_subjects",
    "check_visits",
    "drawn_by",
    "frames_of",
    "insert_campaign",
    "make_plan",
    "open_plan",
    "period_of",
    "plan_faults",
    "read_campaigns",
    "season_drafts",
    "split_visit",
    "weeks_from",
    "write_displacement",
    "write_drafts",
    "write_frames",
    "write_plan",
]
