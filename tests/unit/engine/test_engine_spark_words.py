"""Patterns and replacements written for RE2 mean the same in Java's words."""

import pytest

pytest.importorskip("pyspark", reason="没有安装 Spark（./run setup），不查它的说法。")

from evenhand.engine.spark_sql import java_pattern, java_replacement


@pytest.mark.parametrize(
    ("written", "java"),
    [
        ("a$", r"a\z"),
        (r"a\$", r"a\$"),
        ("[$.]", "[$.]"),
        ("a.b", r"a[^\n]b"),
        ("[]a]", r"[\]a]"),
        ("[^]a]", r"[^\]a]"),
        ("[a[b]", r"[a\[b]"),
        ("[&&]", r"[\&\&]"),
        (r"[\v]", r"[\x0B]"),
        (r"\s", r"[\t\n\f\r ]"),
        (r"\x{4e00}", r"\x{4e00}"),
        ("(?:一|二)+", "(?:一|二)+"),
    ],
)
def test_a_pattern_matches_the_same_in_java(written: str, java: str) -> None:
    assert java_pattern(written) == java


@pytest.mark.parametrize(("written", "java"), [(r"\1-\2", "$1-$2"), ("$", r"\$"), (r"\\", r"\\"), ("号", "号")])
def test_a_replacement_puts_in_the_same_in_java(written: str, java: str) -> None:
    assert java_replacement(written) == java
