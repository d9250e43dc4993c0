"""Language models behind one small interface.

`choose_model(os.environ)` gives a `Model`; `Model.ask` a whole answer, `Model.ask_for` one that the
caller's own reader takes. Everything that goes wrong is a `ModelFault` whose text is for people.
"""

from specora_llm.choosing import OVERRIDE, PROVIDERS, Choice, Provider, Wire, choose
from specora_llm.conversation import (
    Answer,
    Message,
    Rejected,
    Reply,
    Role,
    Shape,
    Usage,
    encodable,
)
from specora_llm.faults import (
    BrokenAnswer,
    Declined,
    EmptyAnswer,
    ModelFault,
    NoModel,
    NotAccepted,
    NotInstalled,
    NotInTranscript,
    Overlong,
    RateLimited,
    RequestRefused,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unreachable,
)
from specora_llm.limits import Limits
from specora_llm.model import RECORD, REPLAY, Model, choose_model
from specora_llm.secrets import MARK, Secrets
from specora_llm.transcript import Transcript

__all__ = [
    "MARK",
    "OVERRIDE",
    "PROVIDERS",
    "RECORD",
    "REPLAY",
    "Answer",
    "BrokenAnswer",
    "Choice",
    "Declined",
    "EmptyAnswer",
    "Limits",
    "Message",
    "Model",
    "ModelFault",
    "NoModel",
    "NotAccepted",
    "NotInTranscript",
    "NotInstalled",
    "Overlong",
    "Provider",
    "RateLimited",
    "Rejected",
    "Reply",
    "RequestRefused",
    "Role",
    "Secrets",
    "Shape",
    "TimedOut",
    "Transcript",
    "Unauthorized",
    "Unavailable",
    "Unreachable",
    "Usage",
    "Wire",
    "choose",
    "choose_model",
    "encodable",
]
