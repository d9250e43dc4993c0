"""Every key of the language has a row, and every row a key."""

from forge.contracts.coverage import CATEGORIES, SECTIONS, TARGETS, section_of
from forge.contracts.envelope import SPECS
from forge.contracts.reference import _records
from forge.contracts.shapes import Record
from forge.contracts.vocabulary import InfraCategory


def _reachable() -> dict[int, Record]:
    """Every record below a `spec`; open ones without keys say nothing of their own."""
    found = (record for spec in SPECS.values() for record in _records(spec))
    return {id(record): record for record in found if record.keys}


def test_every_record_has_a_section() -> None:
    assert [r.what for r in _reachable().values() if section_of(r) is None] == []


def test_every_section_is_of_a_record_that_is_used() -> None:
    shared = {"a contract", "metadata"}
    reachable = _reachable()
    stale = [s.title for s in SECTIONS if id(s.record) not in reachable]
    assert [t for t in stale if t.strip("`") not in {"Every contract", *shared}] == []


def test_every_key_has_a_row_and_no_row_is_stale() -> None:
    for section in SECTIONS:
        keys = [key.name for key in section.record.keys]
        assert sorted(section.rows) == sorted(keys), section.title


def test_every_row_has_a_letter_per_target() -> None:
    for section in SECTIONS:
        for key in section.rows:
            assert len(section.fates(key)) == len(TARGETS), (section.title, key)
    assert all(len(row) == len(TARGETS) for row in CATEGORIES.values())


def test_every_category_has_a_row() -> None:
    assert set(CATEGORIES) == set(InfraCategory)
