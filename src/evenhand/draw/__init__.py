"""Draw: choose whom to visit in a way any stranger can repeat (双随机抽取).

Takes   a frozen list and its rules as canonical bytes, public values named beforehand, the ledger
Gives   commit, seed, tickets, result and reserve as bytes; records for the ledger; what a stratum may be called; chances
Never   reads a clock, a file, the network or a random source; no float, no library random stream, no order but that of bytes
Law     rules/<authority>/planning/ for what is agreed (delays, reserve, approvers); the bytes are ours, tagged FSDR1

Each object gets a ticket: the hash of seed, purpose and id. The smallest tickets of a stratum are drawn, the next ones are the
reserve. The seed is the hash of the commit and of public values that did not exist when the list was committed.

>>> ticket("0f958b637fb4af4e43c82f421b16d8ac088c091f6e74599c7e3f1bb9c097d564", "obj", "E001")[:12]
'9fc805d69092'
"""

from evenhand.draw.act import Act
from evenhand.draw.after import drawn_now, replace_drawn
from evenhand.draw.beacon import CAN_CHECK as CAN_CHECK_BEACON
from evenhand.draw.canonical import METHODS, list_bytes, read_rows, rules_bytes
from evenhand.draw.ceremony import appended_result, commit, record_input, result, reveal, void
from evenhand.draw.choosing import Drawn, by_chance, chance, result_bytes, week_lots
from evenhand.draw.coverage import Batch, batch_size, by_deadline, rolling_size
from evenhand.draw.draft import Draft, make_draft, open_draft
from evenhand.draw.hashes import ALGORITHMS, digest
from evenhand.draw.ledger import appended, entry_bytes, entry_hash, last_entry, next_serial, of_serial, read_ledger
from evenhand.draw.margins import rounded
from evenhand.draw.messages import LEDGER_STEP
from evenhand.draw.pivotal import by_risk, inclusion
from evenhand.draw.quotas import label, largest_remainder, of_ratio, quarterly
from evenhand.draw.sealing import blind_of, inclusion_proof, merkle_root, proven_root, salt_of, sealed_rows
from evenhand.draw.sources import beacon_time, canonical_source, drand_round, drand_time
from evenhand.draw.tickets import SPEC, commit_of, ranked, seed_of, share_commitment, t24, t40, t256, ticket
from evenhand.draw.vrf import proof_output, prove, public_key

__all__ = [
    "ALGORITHMS", "CAN_CHECK_BEACON", "LEDGER_STEP", "METHODS", "SPEC", "Act", "Batch", "Draft", "Drawn", "appended", "appended_result", "batch_size", "beacon_time", "blind_of", "by_chance", "by_deadline", "by_risk", "canonical_source", "chance",
    "commit", "commit_of", "digest", "drand_round", "drand_time", "drawn_now", "entry_bytes", "entry_hash", "inclusion", "inclusion_proof", "label", "largest_remainder", "last_entry", "list_bytes", "make_draft",
    "merkle_root", "next_serial", "of_ratio", "of_serial", "open_draft", "proof_output", "prove", "proven_root", "public_key", "quarterly", "ranked", "read_ledger", "read_rows", "record_input", "replace_drawn", "result",
    "result_bytes", "reveal", "rolling_size", "rounded", "rules_bytes", "salt_of", "sealed_rows", "seed_of", "share_commitment", "t24", "t40", "t256", "ticket", "void", "week_lots",
]  # fmt: skip
