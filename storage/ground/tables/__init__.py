"""Every table of the desk. Only storage imports this package.

Ids of people, units, cases and files are UUID version 7: made by the program, sortable by time.
Columns of personal data are `Sealed`; where they must be found again, a `*_key` column holds the blind index.
"""

from storage.ground.tables.base import Base as Base
from storage.ground.tables.cases import Access as Access
from storage.ground.tables.cases import Card as Card
from storage.ground.tables.cases import Case as Case
from storage.ground.tables.cases import CaseEvent as CaseEvent
from storage.ground.tables.cases import ChainFault as ChainFault
from storage.ground.tables.cases import Follower as Follower
from storage.ground.tables.cases import SealedIdentity as SealedIdentity
from storage.ground.tables.engine import DEAD as DEAD
from storage.ground.tables.engine import DONE as DONE
from storage.ground.tables.engine import HELD as HELD
from storage.ground.tables.engine import OPEN as OPEN
from storage.ground.tables.engine import SENDING as SENDING
from storage.ground.tables.engine import Bubble as Bubble
from storage.ground.tables.engine import Envelope as Envelope
from storage.ground.tables.engine import Inbox as Inbox
from storage.ground.tables.engine import Lane as Lane
from storage.ground.tables.engine import Lease as Lease
from storage.ground.tables.engine import Offset as Offset
from storage.ground.tables.engine import Outbox as Outbox
from storage.ground.tables.engine import Quota as Quota
from storage.ground.tables.engine import Rate as Rate
from storage.ground.tables.engine import Stamp as Stamp
from storage.ground.tables.engine import Timer as Timer
from storage.ground.tables.engine import Token as Token
from storage.ground.tables.matters import Decided as Decided
from storage.ground.tables.matters import Matter as Matter
from storage.ground.tables.matters import MatterEvent as MatterEvent
from storage.ground.tables.matters import MatterHistory as MatterHistory
from storage.ground.tables.office import Absence as Absence
from storage.ground.tables.office import Area as Area
from storage.ground.tables.office import AreaShape as AreaShape
from storage.ground.tables.office import DirectoryChange as DirectoryChange
from storage.ground.tables.office import HotSpot as HotSpot
from storage.ground.tables.office import Invite as Invite
from storage.ground.tables.office import KeyRequest as KeyRequest
from storage.ground.tables.office import Person as Person
from storage.ground.tables.office import RoleRow as RoleRow
from storage.ground.tables.office import Rule as Rule
from storage.ground.tables.office import UnitRow as UnitRow
from storage.ground.tables.people import Attachment as Attachment
from storage.ground.tables.people import Attempt as Attempt
from storage.ground.tables.people import Broadcast as Broadcast
from storage.ground.tables.people import Chat as Chat
from storage.ground.tables.people import Consent as Consent
from storage.ground.tables.people import Pairing as Pairing
