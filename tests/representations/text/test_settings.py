from __future__ import annotations

import pytest
from omegaconf import OmegaConf

from csc_experiments.errors import ConfigError
from csc_experiments.representations.text.settings import TokensConfig


@pytest.mark.parametrize(
    "config",
    [TokensConfig(), TokensConfig(ngrams=3), TokensConfig(pipeline="some"), TokensConfig(lemmas=False)],
)
def test_what_can_be_counted_is_accepted(config: TokensConfig) -> None:
    config.check()
    assert OmegaConf.to_object(OmegaConf.structured(config)) == config


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (TokensConfig(ngrams=0), "ngrams"),
        (TokensConfig(ngrams=4), "ngrams"),
        (TokensConfig(lemmas=False, pipeline="some"), "pipeline"),
    ],
)
def test_what_cannot_be_counted_is_refused(config: TokensConfig, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        config.check()
