"""What to do about a key when something has happened to it or to its owner."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "forgotten": """\
If you have forgotten your passphrase
1. Look where you may have written it down, and in the browser's password manager if you have
   used the portal. Capitals and spaces do not matter; the order of the six words does.
2. Nobody can look it up or set it anew: it was never stored anywhere.
3. On your own computer, make a new key:   coachbook keys replace YOUR-ID --lost
   Keep the six new words safe, then send the new file in records/keys to whoever files records.
4. What is sealed from then on, you can read. What was sealed before stays shut for you until
   another reader of it seals it again:   coachbook keys reseal YOUR-ID
   If you hold a role, another holder passes its key on:   coachbook keys grant ROLE YOUR-ID
5. If every reader of a note is gone, only the recovery that the policy names can open it: a
   holder runs keys reseal as above; with a sealed envelope, whoever may break it runs
   coachbook keys recovery open SCHOOL YOUR-ID
   If the policy names nobody, it is lost. That is what the policy decided.
6. If the old words turn up:   coachbook keys restore YOUR-ID
   The file of the lost key was kept on your computer, and opens old notes again.
""",
        "laptop": """\
If you pass your computer on, or get a new one
1. Your private key is one file in the key folder, shown by:   coachbook keys list
   Copy it to the same folder on the new computer. Your passphrase stays the same.
2. Open one record on the new computer before you go on:   coachbook open RECORD
3. Then delete the key folder on the old one, and empty the bin. A key that is not there cannot
   be tried; six random words protect it in the meantime.
4. Look for records that lie open: run   coachbook seal --check   in the workspace, and delete
   the workspace too if the next owner should not have it.
5. If the computer was lost or stolen and somebody may know the passphrase, go on with
   coachbook keys advice leaked
""",
        "leaked": """\
If somebody else may know your passphrase
1. Changing the passphrase is not enough: who has a copy of the old key file can still open it
   with the old words. Make a new key:   coachbook keys new YOUR-ID --leaked
   It asks for the old passphrase once, so that you keep reading what was sealed before.
2. Send the new file in records/keys to whoever files records, at once.
3. For each role you hold, let the role's key be replaced:   coachbook keys new --role ROLE
4. What was sealed to the old key can be read by whoever has key file, passphrase and a copy of
   the records. No new key takes that back. Tell the data protection lead which records those
   are; coachbook who-can-read shows it.
""",
    }
)
"""Topic -> text."""
