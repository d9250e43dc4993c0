"""The tests of every collection, one module for each operation."""

from .access import Access
from .bulk import Bulk
from .creating import Creating
from .deleting import Deleting
from .expanding import Expanding
from .filtering import Filtering
from .graph import Graph
from .listing import Listing
from .protocol import Protocol
from .reading import Reading
from .referring import Referring
from .refusing import Refusing
from .repeating import Repeating
from .replacing import Replacing
from .restoring import Restoring
from .searching import Searching
from .separating import Separating
from .transitions import Transitions
from .updating import Updating
from .whole import ServiceAsAWhole

__all__ = [
    "Access",
    "Bulk",
    "Creating",
    "Deleting",
    "Expanding",
    "Filtering",
    "Graph",
    "Listing",
    "Protocol",
    "Reading",
    "Referring",
    "Refusing",
    "Repeating",
    "Replacing",
    "Restoring",
    "Searching",
    "Separating",
    "ServiceAsAWhole",
    "Transitions",
    "Updating",
]
