"""An invented English local authority: families with latent need, and the records that their needs leave."""

from csc_experiments.synthetic.authority import simulate, write_authority
from csc_experiments.synthetic.settings import AuthoritySettings, settings_from

__all__ = ["AuthoritySettings", "settings_from", "simulate", "write_authority"]
