"""Any census that can be written is read back."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.records.cin_census.census import read_cin_census
from csc_experiments.records.codes import ASSESSMENT_FACTOR, CLOSURE_REASON, REFERRAL_SOURCE

Episode = tuple[date, date | None, str | None, str | None, list[str], list[date]]

HEADER = "<Header><CollectionDetails><Year>2022</Year></CollectionDetails></Header>"
EPISODES = st.lists(
    st.tuples(
        st.dates(date(1990, 1, 1), date(2030, 12, 31)),
        st.none() | st.dates(date(1990, 1, 1), date(2030, 12, 31)),
        st.none() | st.sampled_from(sorted(REFERRAL_SOURCE)),
        st.none() | st.sampled_from(sorted(CLOSURE_REASON)),
        st.lists(st.sampled_from(sorted(ASSESSMENT_FACTOR)), unique=True),
        st.lists(st.dates(date(1990, 1, 1), date(2030, 12, 31)), max_size=3),
    ),
    max_size=4,
)


def written(episode: Episode) -> str:
    referred, closed, source, reason, factors, reviews = episode
    parts = [f"<ReferralSource>{source}</ReferralSource>"] if source else []
    parts += [f"<CINclosureDate>{closed}</CINclosureDate>"] if closed else []
    parts += [f"<ReasonForClosure>{reason}</ReasonForClosure>"] if reason else []
    listed = "".join(f"<AssessmentFactors>{code}</AssessmentFactors>" for code in factors)
    parts.append(
        f"<Assessments><AssessmentActualStartDate>{referred}</AssessmentActualStartDate>"
        f"<FactorsIdentifiedAtAssessment>{listed}</FactorsIdentifiedAtAssessment></Assessments>"
    )
    held = "".join(f"<CPPreviewDate>{day}</CPPreviewDate>" for day in reviews)
    start = f"<CPPstartDate>{referred}</CPPstartDate>"
    parts.append(f"<ChildProtectionPlans>{start}<Reviews>{held}</Reviews></ChildProtectionPlans>")
    return f"<CINdetails><CINreferralDate>{referred}</CINreferralDate>{''.join(parts)}</CINdetails>"


@settings(max_examples=60, deadline=None)
@given(st.lists(EPISODES, min_size=1, max_size=6))
def test_any_well_formed_census_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, children: list[list[Episode]]
) -> None:
    path = tmp_path_factory.mktemp("census") / "census.xml"
    texts = "".join(
        f"<Child><ChildIdentifiers><LAchildID>C{number}</LAchildID></ChildIdentifiers>"
        f"{''.join(written(episode) for episode in episodes)}</Child>"
        for number, episodes in enumerate(children)
    )
    path.write_text(f"<Message>{HEADER}<Children>{texts}</Children></Message>", encoding="utf-8")
    census = read_cin_census(path)
    tables = census.tables
    said = [(f"C{number}", *episode) for number, episodes in enumerate(children) for episode in episodes]
    assert census.rejects.is_empty()
    assert census.ignored == 0
    assert tables["ssd_person"]["pers_person_id"].to_list() == [
        f"C{number}" for number in range(len(children))
    ]
    assert tables["ssd_cin_episodes"].select(
        "cine_person_id",
        "cine_referral_date",
        "cine_close_date",
        "cine_referral_source_code",
        "cine_close_reason",
    ).rows() == [row[:5] for row in said]
    assert tables["ssd_assessment_factors"]["cinf_assessment_factors_json"].str.json_decode(
        pl.List(pl.String)
    ).to_list() == [row[5] for row in said if row[5]]
    assert tables["ssd_cp_reviews"]["cppr_cp_review_date"].to_list() == [
        day for row in said for day in row[6]
    ]
    assert tables["ssd_cp_plans"].height == tables["ssd_cin_assessments"].height == len(said)
