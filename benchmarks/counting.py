"""Counting the words of documents: against spaCy's tokenizer alone, in one run, and peak memory.

`python benchmarks/counting.py` prints the tables that docs/speed.md quotes; some five minutes. The documents
are an invented authority's; those of the second table are random words in paragraphs of 60, so that nothing
is said twice.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import polars as pl
import spacy

from csc_experiments.representations.text.counting import count_tokens
from csc_experiments.representations.text.paragraphs import Paragraphs, split
from csc_experiments.representations.text.settings import TokensConfig
from csc_experiments.synthetic import AuthoritySettings, simulate

REPEATS = 3
BARE = TokensConfig(lemmas=False, stop_words=False, phrases=False, abbreviations=False, negation=False)


def cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def tokenizer_alone(texts: list[str]) -> int:
    return sum(len(document) for document in spacy.blank("en").tokenizer.pipe(texts))


def against_spacy(children: int) -> None:
    settings = AuthoritySettings(authority="la2", children=children)
    documents = simulate(settings, seed=1)["documents"]["text"]
    splitting = cpu_seconds(lambda: split(documents))
    paragraphs = split(documents)
    texts = paragraphs.texts.to_list()
    families = np.arange(len(documents)) // 9
    tokens = tokenizer_alone(texts)
    print(f"{len(documents):,} documents, {len(texts):,} distinct paragraphs, {tokens:,} tokens\n")
    print("| what | CPU seconds | against the tokenizer alone |\n| --- | ---: | ---: |")
    work: dict[str, Callable[[], object]] = {
        "spaCy's tokenizer alone": lambda: tokenizer_alone(texts),
        "counting words": lambda: count_tokens(paragraphs, BARE, families, 5),
        "all steps": lambda: count_tokens(paragraphs, TokensConfig(), families, 5),
        "all steps, and pairs": lambda: count_tokens(paragraphs, TokensConfig(ngrams=2), families, 5),
        "all steps, pairs and triples": lambda: count_tokens(paragraphs, TokensConfig(ngrams=3), families, 5),
    }
    # In turn, so that what else the machine does falls on all of them.
    taken = [{name: cpu_seconds(task) for name, task in work.items()} for _ in range(REPEATS)]
    alone = sorted(seconds["spaCy's tokenizer alone"] for seconds in taken)[REPEATS // 2]
    for name in work:
        seconds = sorted(seconds[name] for seconds in taken)[REPEATS // 2]
        print(f"| {name} | {seconds:.2f} | {seconds / alone:.2f} |")
    print(f"| splitting into paragraphs | {splitting:.2f} | {splitting / alone:.2f} |\n", flush=True)


def invented(documents: int, words: int) -> pl.Series:
    """Write documents of random words, commoner ones more often, as natural languages have them."""
    generator = np.random.default_rng(1)
    syllables = ["ba", "den", "fi", "go", "la", "mer", "no", "pus", "rit", "sol", "ta", "ven"]
    known = sorted(
        {"".join(generator.choice(syllables, size)) for size in (2, 3, 4, 5) for _ in range(20_000)}
    )
    english = np.array(["the", "and", "was", "with", "not", "mental", "health", "DV", "no", "she", *known])
    texts = []
    for _ in range(documents):
        at = np.minimum(generator.zipf(1.2, words) - 1, len(english) - 1)
        drawn = english[at].tolist()
        texts.append("\n".join(" ".join(drawn[i : i + 60]) + "." for i in range(0, words, 60)))
    return pl.Series(texts)


def peak(documents: int, ngrams: int) -> None:
    """Count in this process, and print seconds and its peak memory in GiB, before and after."""
    texts = invented(documents, 300)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    start = time.perf_counter()
    paragraphs: Paragraphs = split(texts)
    counts, _ = count_tokens(paragraphs, TokensConfig(ngrams=ngrams), np.arange(documents) // 9, 5)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"| {documents:,} | {ngrams} | {seconds:.0f} | {before:.2f} | {after:.2f} | {counts.shape[1]:,} |")


def memory() -> None:
    print("| documents of 300 words | n-grams | seconds | GiB before | GiB at most | terms |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for documents, ngrams in ((20_000, 1), (100_000, 1), (100_000, 2)):
        # Each in a process of its own, so that peaks do not mix.
        subprocess.run([sys.executable, __file__, "--peak", str(documents), str(ngrams)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        peak(int(sys.argv[2]), int(sys.argv[3]))
    else:
        against_spacy(children=600)
        memory()
