"""Laws of linking that hold for any records."""

from collections import defaultdict
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engine import Engine
from evenhand.link import link
from evenhand.rulebook import shipped_pack
from tests.factories.records import CODES, make_record, make_records

ROWS = st.fixed_dictionaries(
    {
        "uscc": st.sampled_from([None, None, *CODES, "91350102MA2XTE0T4F"]), "name": st.sampled_from([None, "闽味源小吃店", "阿明小吃店", "福州闽味源餐饮有限公司"]),
        "licence_no": st.sampled_from([None, "L1", "L2", "L3"]), "phone": st.sampled_from([None, "1", "2"]), "place_key": st.sampled_from([None, "a|b|1", "a|b|2"]),
        "county_code": st.sampled_from([None, "a"]), "legal_person": st.sampled_from([None, "陈一", "林二"]), "name_branch": st.sampled_from([None, None, "分店"]),
        "kind": st.sampled_from(["registration", "operation_licence", "complaint", "agency"]),
    }
)  # fmt: skip


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example])
@given(given_rows=st.lists(ROWS, min_size=30, max_size=60))
def test_one_subject_per_record_one_valid_code_per_subject_one_subject_per_valid_code(tmp_path_factory, given_rows):
    rows = [make_record(f"r{n:03}", **row) for n, row in enumerate(given_rows)]
    scratch: Path = tmp_path_factory.mktemp("spill")

    with Engine(scratch=scratch) as engine:
        members = engine.arrow(link(engine.table(make_records(rows)), pack=shipped_pack(), engine=engine).membership).to_pylist()

    subject = {m["record_id"]: m["subject_id"] for m in members}
    assert sorted(m["record_id"] for m in members) == [r["record_id"] for r in rows if r["kind"] != "agency"]
    codes, homes = defaultdict(set), defaultdict(set)
    branches = defaultdict(set)
    for row in rows:
        if row["record_id"] in subject and row["uscc_state"] == "valid":
            codes[subject[row["record_id"]]].add(row["uscc"])
            homes[row["uscc"]].add(subject[row["record_id"]])
    for row in rows:
        if row["record_id"] in subject and subject[row["record_id"]] not in codes:
            branches[subject[row["record_id"]]].add(row["name_branch"])
    assert all(len(found) == 1 for found in (*codes.values(), *homes.values(), *branches.values()))
