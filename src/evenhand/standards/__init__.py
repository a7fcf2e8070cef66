"""Standards (数据标准): the governed data sets as code; every other room reads them from here.

Takes   nothing
Gives   data elements, extract data sets, tables of a release: names in both languages, types, code lists, constraints, masks, owners, law
Never   reads a file, a clock or the network; holds a number of law
Law     GB/T 19488 (data elements), GB/T 18391, titles of the provincial licensing data sets

>>> EXTRACTS["operation_licence"]["licence_no"].title
'许可证编号'
>>> ELEMENTS["uscc"].form
'an18'
>>> "subject_id" in TABLES["membership"].names
True
"""

from evenhand.standards.datasets import Column, DataSet, Field, Relation, Table
from evenhand.standards.doublerandom import DOUBLE_RANDOM, RELATIONS
from evenhand.standards.elements import ELEMENTS
from evenhand.standards.extracts import EXTRACTS
from evenhand.standards.masks import mask_column, masked
from evenhand.standards.reaches import REACHES, Reach
from evenhand.standards.shapes import COLUMN_TYPE, Element, Mask, Shape
from evenhand.standards.states import VOTERS, OfficeState
from evenhand.standards.tables import PROVENANCE, TABLES, raw_schema, standard_schema

__all__ = [
    "COLUMN_TYPE", "DOUBLE_RANDOM", "ELEMENTS", "EXTRACTS", "PROVENANCE", "REACHES", "RELATIONS", "TABLES", "VOTERS", "Column", "DataSet", "Element", "Field", "Mask", "OfficeState", "Reach", "Relation", "Shape", "Table", "mask_column", "masked", "raw_schema", "standard_schema",
]  # fmt: skip
