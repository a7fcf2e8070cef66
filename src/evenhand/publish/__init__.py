"""Publish: the release folder as people read it: manifest, atomic pointer, serving file, reader.

Takes   the Parquet tables of a finished build, its facts
Gives   a folder that never changes, a read-only DuckDB file derived from it, questions answered inside a jurisdiction
Never   computes a figure that the tables do not hold; answers without a scope
Law     none

Readers follow `CURRENT`: a file with the name of one folder beside it, replaced in one step.
"""

from evenhand.publish.areas import divisions, stations
from evenhand.publish.doubts import ITEMS, decided_ids, offices, open_disputes, open_pairs, open_repairs, prices, references_inside
from evenhand.publish.folder import MANIFEST, RELEASE_TABLES, checked_release, current_name, point_to, release_folder, release_names
from evenhand.publish.quality import COUNTS, figures
from evenhand.publish.reader import Release, current_release, open_release
from evenhand.publish.scope import Scope
from evenhand.publish.serving import SERVING_FILE, build_serving
from evenhand.publish.shapes import Condition, Page, Search, SubjectCard

__all__ = [
    "COUNTS", "ITEMS", "MANIFEST", "RELEASE_TABLES", "SERVING_FILE", "Condition", "Page", "Release", "Scope", "Search", "SubjectCard", "build_serving", "checked_release", "current_name", "current_release", "decided_ids", "divisions", "figures",
    "offices", "open_disputes", "open_pairs", "open_release", "open_repairs", "point_to", "prices", "references_inside", "release_folder", "release_names", "stations",
]  # fmt: skip
