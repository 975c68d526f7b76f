"""Oddities of children in need census returns."""

from __future__ import annotations

import codecs
import re
from copy import deepcopy
from pathlib import Path

from lxml import etree

from csc_experiments.synthetic.formats.dirt_hand import Hand

_FLAGS = {"true": ("TRUE", "1"), "false": ("FALSE", "0"), "1": ("true", "TRUE"), "0": ("false", "FALSE")}
_OTHER_YEARS = {
    "AssessmentFactors": {"18B": "18A", "18C": "18A", "19B": "19A", "19C": "19A", "18A": "18B", "19A": "19B"},
    "Sex": {"M": "1", "F": "2"},
    "GenderCurrent": {"1": "M", "2": "F"},
    "ReferralSource": {"5D": "5B"},
    "ReasonForClosure": {"RC9": "RC8"},
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MODULES = ("CINPlanDates", "Section47", "Assessments", "ChildProtectionPlans")
_LATER_GROUP = "PreProceedingsandFGDM"


def soil_census(paths: list[Path], hand: Hand) -> None:
    """Soil the returns of every year, then plant what befalls one of them."""
    trees = {
        path: etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True))
        for path in paths
    }
    for tree in trees.values():
        root = tree.getroot()
        _soil_values(root, hand)
        _soil_children(root, hand)
    modules = [
        (path, name)
        for path in paths
        for name in _MODULES
        if trees[path].getroot().find(f".//{name}") is not None
    ]
    for path, name in hand.choose_one("missing module", modules):
        etree.strip_elements(trees[path].getroot(), name, with_tail=False)
    for path in hand.choose_one("wrong reference date", paths):
        for day in trees[path].getroot().iter("ReferenceDate"):
            day.text = f"{(day.text or '')[:4]}-04-01"
    marked = hand.choose_one("byte order mark", paths)
    for path, tree in trees.items():
        raw = etree.tostring(tree, encoding="utf-8", xml_declaration=True)
        path.write_bytes(codecs.BOM_UTF8 + raw if path in marked else raw)


def _soil_values(root: etree._Element, hand: Hand) -> None:
    """Plant into the values of children; the header stays as it is."""
    leaves = [element for child in root.iter("Child") for element in child.iter() if len(element) == 0]
    taken: set[etree._Element] = set()

    def plant(oddity: str, spoilt: dict[etree._Element, tuple[str, ...]]) -> None:
        free = [element for element in spoilt if element not in taken]
        for element in hand.choose(oddity, free):
            element.text = hand.pick(spoilt[element])
            taken.add(element)

    said = {element: element.text or "" for element in leaves}
    plant("code of another year", {
        element: (_OTHER_YEARS[str(element.tag)][text],)
        for element, text in said.items()
        if text in _OTHER_YEARS.get(str(element.tag), {})
    })  # fmt: skip
    plant("flag spelling", {
        element: _FLAGS[text]
        for element, text in said.items()
        if text in _FLAGS and element.tag in {"ReferralNFA", "ICPCnotRequired"}
    })  # fmt: skip
    days = {element: text for element, text in said.items() if _DAY.fullmatch(text)}
    plant("date with time", {element: (f"{text}T00:00:00", f"{text}Z") for element, text in days.items()})
    plant("trailing space", {element: (f"{text} ", f"{text}\n") for element, text in said.items() if text})
    plant(
        "no-break space", {element: (f"{text}\N{NO-BREAK SPACE}",) for element, text in said.items() if text}
    )


def _soil_children(root: etree._Element, hand: Hand) -> None:
    children = list(root.iter("Child"))
    for child in hand.choose("stray text", children):
        child[0].text = f"{child[0].text or ''}see notes"
    details = [element for child in children for element in child.iter("CINdetails")]
    for element in hand.choose("unknown element", details):
        group = etree.SubElement(element, _LATER_GROUP)
        etree.SubElement(group, "FGDMMeetingOffer").text = "true"
    for child in hand.choose("child twice", children):
        child.addnext(deepcopy(child))
