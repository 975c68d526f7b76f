"""Write documents of invented authorities as pages: `python docs/write_specimens.py la1 la2`."""

from __future__ import annotations

import sys
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from csc_experiments.config import compose_experiment
from csc_experiments.synthetic import settings_from, simulate
from csc_experiments.synthetic.writing import specimens

SEED, EACH, CHILDREN, LENGTH = 2020, 5, 400, 0.3
PAGES = Path(__file__).parent / "invented_documents"


def page(authority: str) -> str:
    """Return the page of an authority."""
    config = compose_experiment([f"dataset={authority}"])
    knobs = dict(config.dataset.synthetic or {}) | {"children": CHILDREN, "document_words": LENGTH}
    documents = simulate(settings_from(authority, knobs), SEED)["documents"]
    said = (
        f"{EACH} of each type, from short to long, as `python docs/write_specimens.py {authority}` wrote "
        f"them. Everybody in them is invented. They are {LENGTH:g} times as long as the authority's own."
    )
    lines = [f"# Documents of {authority}", "", said, ""]
    chosen = specimens(documents, EACH).select("document_type", "text").iter_rows()
    for kind, found in groupby(chosen, key=itemgetter(0)):
        lines += [f"## {kind.replace('_', ' ').capitalize()}", ""]
        for _, text in found:
            lines += ["```text", text, "```", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        (PAGES / f"{name}.md").write_text(page(name), encoding="utf-8")
