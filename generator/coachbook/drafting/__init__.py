"""Which parts of a record have to be sealed, for whom, and the record once they are.

    plan = plan_seal(book, record, before, random=os.urandom)
    source = apply_seal(plan, author="p-7kq2m4xa", now=now, random=os.urandom)

Planning needs public keys alone and decides everything. Whatever is not certain (an unknown
form, a line that may be a heading, a reader without a key) is a finding, and then nothing of
the record is sealed. Applying only encrypts.
"""

from coachbook.drafting.applying import apply_seal
from coachbook.drafting.parts import SEALED_TYPE, needs_sealing
from coachbook.drafting.plan import SealPlan, SealTask
from coachbook.drafting.planning import expected_readers, plan_seal

__all__ = [
    "SEALED_TYPE",
    "SealPlan",
    "SealTask",
    "apply_seal",
    "expected_readers",
    "needs_sealing",
    "plan_seal",
]
