"""Every way in which the tests break a generated service."""

from mutation import Mutation
from mutations_of_answers import HTTP, LISTS
from mutations_of_bodies import BODIES
from mutations_of_grammar import GRAMMAR
from mutations_of_records import RECORDS, STEPS
from mutations_of_relations import EXPANSIONS, GRAPHS
from mutations_of_writing import WRITING

MUTATIONS: tuple[Mutation, ...] = (
    *BODIES,
    *RECORDS,
    *STEPS,
    *LISTS,
    *HTTP,
    *EXPANSIONS,
    *GRAPHS,
    *WRITING,
    *GRAMMAR,
)
