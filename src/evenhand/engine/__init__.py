"""Engine: the only room that knows which engine runs.

Takes   table expressions of Ibis, folders for data and for spilling, limits of threads and memory
Gives   tables read from Parquet, tables saved for reuse, Parquet written whole, in a stated order, with the same bytes every time
Never   knows what the columns mean
Law     none

DuckDB embedded is the engine; Spark is the second, for what one machine cannot hold. Stage rooms hand over Ibis expressions and never name
either. Both give the same tables, byte by byte; what Spark must be told for that stands in spark_sql.py.
"""

from evenhand.engine.opening import NO_SPARK, EngineName, has_spark, open_engine
from evenhand.engine.session import Engine, peak_memory_bytes
from evenhand.engine.writing import file_sha256, publish_file, write_parquet

__all__ = [
    "NO_SPARK",
    "Engine",
    "EngineName",
    "file_sha256",
    "has_spark",
    "open_engine",
    "peak_memory_bytes",
    "publish_file",
    "write_parquet",
]
