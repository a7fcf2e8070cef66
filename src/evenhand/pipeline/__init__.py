"""Pipeline: the only place that knows the order of the rooms.

Takes   sources.toml, a rule pack, a day, a folder for releases, limits of threads and memory
Gives   a release: an immutable folder with every table, a manifest, a serving file, and the pointer moved to it
Never   reads the clock for a value (only to time its stages), changes a finished release, takes a half-written stage for a whole one
Law     none

Each stage writes aside and is renamed when whole, so a run that was killed goes on after its last finished stage.
"""

from evenhand.pipeline.build import Build, BuildReport, build
from evenhand.pipeline.steps import STAGES, Kept, Progress, StageDone

__all__ = ["STAGES", "Build", "BuildReport", "Kept", "Progress", "StageDone", "build"]
