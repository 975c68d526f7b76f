from __future__ import annotations

import pytest

from csc_experiments.errors import ConfigError
from csc_experiments.representations.settings import (
    BLOCKS,
    BlockConfig,
    BlockKind,
    LdaConfig,
    LsaConfig,
    StructuredConfig,
    TfidfConfig,
    VectorsConfig,
)

REFUSED: list[tuple[BlockConfig, str]] = [
    (StructuredConfig(windows_days=[]), "windows_days"),
    (StructuredConfig(windows_days=[365, 0]), "windows_days"),
    (StructuredConfig(windows_days=[-1]), "windows_days"),
    (StructuredConfig(windows_days=[365, None, 365]), "windows_days"),
    (StructuredConfig(half_life_days=0), "half_life_days"),
    (StructuredConfig(half_life_first_days=-1), "half_life_first_days"),
    (StructuredConfig(min_rows=0), "min_rows"),
    (TfidfConfig(lookback_days=-1), "lookback_days"),
    (VectorsConfig(lookback_days=-1), "lookback_days"),
    (LdaConfig(lookback_days=-1), "lookback_days"),
    (TfidfConfig(min_families=4), "min_families"),
    (LdaConfig(min_families=0), "min_families"),
    (TfidfConfig(max_terms=0), "max_terms"),
    (LdaConfig(topics=1), "topics"),
    (LsaConfig(components=0), "components"),
    (LdaConfig(passes=0), "passes"),
    (LdaConfig(choose_from=[5, 1]), "choose_from"),
    (LdaConfig(seeds=0), "seeds"),
]
ACCEPTED: list[BlockConfig] = [
    StructuredConfig(windows_days=[None]),
    StructuredConfig(windows_days=[1, 365, None], half_life_days=0.5, min_rows=1, family=False),
    TfidfConfig(lookback_days=0, min_families=5, max_terms=1),
    LdaConfig(lookback_days=None, topics=2, passes=1),
    VectorsConfig(lookback_days=None),
]


@pytest.mark.parametrize(("block", "key"), REFUSED)
def test_settings_that_make_no_block_are_refused_by_their_key(block: BlockConfig, key: str) -> None:
    with pytest.raises(ConfigError, match=key):
        block.check()


@pytest.mark.parametrize("block", ACCEPTED)
def test_settings_at_the_edge_are_accepted(block: BlockConfig) -> None:
    block.check()


@pytest.mark.parametrize("kind", BlockKind)
def test_every_kind_has_its_settings_and_its_defaults_are_sound(kind: BlockKind) -> None:
    block = BLOCKS[kind]()
    assert block.kind is kind
    block.check()
