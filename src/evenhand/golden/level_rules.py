"""The rules of the three levels: chains of licences, moves of places, branches (`golden/levels.yaml`)."""

from pydantic import Field

from evenhand.golden.rule_shapes import Frozen, RuleDocument, Worded

__all__ = ["BranchRules", "ChainRules", "Inference", "LevelRules", "MoveRules"]


class ChainStep(Worded):
    """One way in which an issue of a licence follows another, or none."""

    slots = frozenset({"valid_to", "begins_on", "earlier_no", "earlier_to"})

    id: str
    title: str
    evidence: str = ""


class ChainRules(Worded):
    """When issues of licences make one chain (证照沿革)."""

    slots = frozenset({"gap_between"})

    first: ChainStep
    renewed: ChainStep
    changed: ChainStep
    followed: ChainStep
    old: ChainStep
    old_kind: str
    gap_days: int = Field(ge=0)
    overlap_days: int = Field(ge=0)
    old_gap_days: int = Field(ge=0)
    unrecorded: str
    ended_codes: tuple[str, ...]


class Inference(ChainStep):
    """A rule that infers a move or a relation, and how sure it is."""

    slots = frozenset({"licence_no", "begins_on", "earlier_no", "earlier_to", "name_branch", "other_name"})

    confidence: float = Field(ge=0, le=1)


class MoveRules(Frozen):
    """When a place of business has moved (迁址)."""

    same_number: Inference
    new_number: Inference


class BranchRules(Worded):
    """How the head office of a branch is found (分支机构)."""

    slots = frozenset({"other_name", "count"})

    named: Inference
    kind: str
    legal_forms: tuple[str, ...] = Field(min_length=1)
    missing: str
    several: str


class LevelRules(RuleDocument):
    """`golden/levels.yaml`."""

    chain: ChainRules
    move: MoveRules
    branch: BranchRules
