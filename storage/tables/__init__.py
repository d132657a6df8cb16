"""Every table of the desk. Only storage imports this package.

Ids of people, units, cases and files are UUID version 7: made by the program, sortable by time.
Columns of personal data are `Sealed`; where they must be found again, a `*_key` column holds the blind index.
"""

from storage.tables.base import Base as Base
from storage.tables.cases import Access as Access
from storage.tables.cases import Card as Card
from storage.tables.cases import Case as Case
from storage.tables.cases import CaseEvent as CaseEvent
from storage.tables.cases import ChainFault as ChainFault
from storage.tables.cases import Follower as Follower
from storage.tables.cases import SealedIdentity as SealedIdentity
from storage.tables.engine import DEAD as DEAD
from storage.tables.engine import DONE as DONE
from storage.tables.engine import HELD as HELD
from storage.tables.engine import OPEN as OPEN
from storage.tables.engine import SENDING as SENDING
from storage.tables.engine import Bubble as Bubble
from storage.tables.engine import Envelope as Envelope
from storage.tables.engine import Inbox as Inbox
from storage.tables.engine import Lane as Lane
from storage.tables.engine import Lease as Lease
from storage.tables.engine import Offset as Offset
from storage.tables.engine import Outbox as Outbox
from storage.tables.engine import Quota as Quota
from storage.tables.engine import Rate as Rate
from storage.tables.engine import Stamp as Stamp
from storage.tables.engine import Timer as Timer
from storage.tables.engine import Token as Token
from storage.tables.office import Absence as Absence
from storage.tables.office import Area as Area
from storage.tables.office import DirectoryChange as DirectoryChange
from storage.tables.office import Invite as Invite
from storage.tables.office import KeyRequest as KeyRequest
from storage.tables.office import Person as Person
from storage.tables.office import RoleRow as RoleRow
from storage.tables.office import Rule as Rule
from storage.tables.office import UnitRow as UnitRow
from storage.tables.people import Attachment as Attachment
from storage.tables.people import Attempt as Attempt
from storage.tables.people import Broadcast as Broadcast
from storage.tables.people import Chat as Chat
from storage.tables.people import Consent as Consent
from storage.tables.people import Pairing as Pairing
