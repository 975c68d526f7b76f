"""The workers of an authority: they see need imperfectly, and keep to its shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csc_experiments.synthetic.draws import Days, Floats, Index, Mask, stream, top_share
from csc_experiments.synthetic.need import Need
from csc_experiments.synthetic.settings import AuthoritySettings


@dataclass(frozen=True, slots=True)
class Workers:
    """What workers make of every contact, as if each became a referral.

    Attributes
    ----------
    settings : AuthoritySettings
    need : Need
    seed : int
    luck : numpy.random.Generator
        What no worker decides: how long things take.
    family : numpy.ndarray, shape (n,)
    extra : numpy.ndarray, shape (n,)
        How much more serious than its need a case looks.
    typical : numpy.ndarray of bool, shape (n,)
        The cases that set the thresholds: those that come about.
    harm : numpy.ndarray, shape (n,)
        What decisions on protection and care heed beside need, as `harm_at_contact` gives it.
    """

    settings: AuthoritySettings
    need: Need
    seed: int
    luck: np.random.Generator
    family: Index
    extra: Floats
    typical: Mask
    harm: Floats

    def most(self, decision: str, day: Days, share: float, among: Mask) -> Mask:
        """Mark the share of cases that look most serious on their day."""
        return top_share(self._see(decision, day), share, among, self.typical)

    def least(self, decision: str, day: Days, share: float, among: Mask) -> Mask:
        """Mark the share of cases that look least serious on their day."""
        return top_share(-self._see(decision, day), share, among, self.typical)

    def most_harmful(
        self,
        decision: str,
        day: Days,
        share: float,
        among: Mask,
        *,
        more: Floats | float = 0.0,
        doubt: float = 1.0,
    ) -> Mask:
        """Mark the share of cases that look most serious on their day, in need and harm.

        Parameters
        ----------
        more : numpy.ndarray or float
            How much more serious they look than that.
        doubt : float
            Size of the error, as a multiple of a worker's usual one.
        """
        seen = self._see(decision, day, doubt) + self.settings.harm_effect * self.harm
        return top_share(seen + more, share, among, self.typical)

    def ratio(self, part: Mask, whole: Mask) -> float:
        """Return how many typical cases are in one group for each in the other."""
        return float((part & self.typical).sum() / max(int((whole & self.typical).sum()), 1))

    def _see(self, decision: str, day: Days, doubt: float = 1.0) -> Floats:
        error = stream(self.seed, f"decision {decision}").standard_normal(self.family.size)
        return np.asarray(self.need.at(self.family, day) + doubt * self.need.error * error + self.extra)
