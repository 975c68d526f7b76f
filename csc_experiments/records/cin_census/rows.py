"""One child of a children in need census becomes rows of the standard tables."""

from __future__ import annotations

import json

from lxml.etree import _Element

from csc_experiments.records.cin_census.cells import CensusCells, Parts, content
from csc_experiments.records.codes import SEX_OF_GENDER
from csc_experiments.records.columns import is_no_id
from csc_experiments.records.rejects import Reason

_CHILDREN_AT_ONCE = 10_000


class CensusRows(CensusCells):
    """Rows of the standard tables, collected child by child.

    Attributes
    ----------
    referrals, undated : int
        How many `CINdetails` were seen, and how many of them have no valid referral date.
    """

    def __init__(self) -> None:
        super().__init__()
        self.referrals = 0
        self.undated = 0

    def add_child(self, child: _Element) -> None:
        """Read one `Child` element."""
        self.children += 1
        parts = self._parts("Child", [child])
        identifiers = self._parts("ChildIdentifiers", parts.many["ChildIdentifiers"])
        person = identifiers.text.get("LAchildID")
        if person is None or is_no_id(person):
            self._reject("ssd_person", "pers_person_id", Reason.MISSING)
            return
        traits = self._parts("ChildCharacteristics", parts.many["ChildCharacteristics"])
        self._add_person(person, identifiers, traits)
        self._add_disabilities(person, traits)
        for number, details in enumerate(parts.many["CINdetails"], start=1):
            self._add_episode(person, f"{self.children:06d}-{number}", details)
        if self.children % _CHILDREN_AT_ONCE == 0:
            self._pack()

    def _add_person(self, person: str, identifiers: Parts, traits: Parts) -> None:
        gender = self._code("ssd_person", "pers_gender", identifiers.text.get("GenderCurrent"))
        sex = self._code("ssd_person", "pers_sex", identifiers.text.get("Sex"))
        self._add(
            "ssd_person",
            pers_person_id=person,
            pers_sex=sex or SEX_OF_GENDER.get(gender or ""),
            pers_gender=gender,
            pers_ethnicity=self._code("ssd_person", "pers_ethnicity", traits.text.get("Ethnicity")),
            pers_dob=self._date("ssd_person", "pers_dob", identifiers.text.get("PersonBirthDate")),
            pers_expected_dob=self._date(
                "ssd_person", "pers_expected_dob", identifiers.text.get("ExpectedPersonBirthDate")
            ),
            pers_death_date=self._date(
                "ssd_person", "pers_death_date", identifiers.text.get("PersonDeathDate")
            ),
            pers_upn_unknown=self._code("ssd_person", "pers_upn_unknown", identifiers.text.get("UPNunknown")),
        )

    def _add_disabilities(self, person: str, traits: Parts) -> None:
        said = self._parts("Disabilities", traits.many["Disabilities"]).many["Disability"]
        for number, element in enumerate(said, start=1):
            code = self._code("ssd_disability", "disa_disability_code", content(element))
            if code:
                self._add(
                    "ssd_disability",
                    disa_table_id=f"D{self.children:06d}-{number}",
                    disa_person_id=person,
                    disa_disability_code=code,
                )

    def _add_episode(self, person: str, place: str, details: _Element) -> None:
        table = "ssd_cin_episodes"
        parts = self._parts("CINdetails", [details])
        self.referrals += 1
        referred = self._required_date(table, "cine_referral_date", parts.text.get("CINreferralDate"))
        if referred is None:
            self.undated += 1
            return
        self._add(
            table,
            cine_referral_id=f"R{place}",
            cine_person_id=person,
            cine_referral_date=referred,
            cine_cin_primary_need_code=self._code(
                table, "cine_cin_primary_need_code", parts.text.get("PrimaryNeedCode")
            ),
            cine_referral_source_code=self._code(
                table, "cine_referral_source_code", parts.text.get("ReferralSource")
            ),
            cine_referral_nfa=self._flag(table, "cine_referral_nfa", parts.text.get("ReferralNFA")),
            cine_close_reason=self._code(table, "cine_close_reason", parts.text.get("ReasonForClosure")),
            cine_close_date=self._date(table, "cine_close_date", parts.text.get("CINclosureDate")),
        )
        # On CINdetails itself stands the conference of a child who moved in with a plan.
        self._add_conference(person, place, parts, enquiry=None)
        for number, element in enumerate(parts.many["Assessments"], start=1):
            self._add_assessment(person, place, f"{place}-{number}", element)
        for number, element in enumerate(parts.many["CINPlanDates"], start=1):
            self._add_cin_plan(person, place, f"{place}-{number}", element)
        for number, element in enumerate(parts.many["Section47"], start=1):
            self._add_enquiry(person, place, f"{place}-{number}", element)
        for number, element in enumerate(parts.many["ChildProtectionPlans"], start=1):
            self._add_protection_plan(person, place, f"{place}-{number}", element)

    def _add_assessment(self, person: str, referral: str, place: str, element: _Element) -> None:
        table = "ssd_cin_assessments"
        parts = self._parts("Assessments", [element])
        started = self._required_date(
            table, "cina_assessment_start_date", parts.text.get("AssessmentActualStartDate")
        )
        if started is None:
            return
        self._add(
            table,
            cina_assessment_id=f"A{place}",
            cina_person_id=person,
            cina_referral_id=f"R{referral}",
            cina_assessment_start_date=started,
            cina_assessment_auth_date=self._date(
                table, "cina_assessment_auth_date", parts.text.get("AssessmentAuthorisationDate")
            ),
        )
        factors = self._factors(parts.many["FactorsIdentifiedAtAssessment"])
        if factors:
            self._add(
                "ssd_assessment_factors",
                cinf_table_id=f"F{place}",
                cinf_assessment_id=f"A{place}",
                cinf_assessment_factors_json=json.dumps(factors),
            )

    def _factors(self, containers: list[_Element]) -> list[str]:
        said = self._parts("FactorsIdentifiedAtAssessment", containers).many["AssessmentFactors"]
        column = "cinf_assessment_factors_json"
        codes = [self._code("ssd_assessment_factors", column, content(element)) for element in said]
        return list(dict.fromkeys(code for code in codes if code))

    def _add_cin_plan(self, person: str, referral: str, place: str, element: _Element) -> None:
        table = "ssd_cin_plans"
        parts = self._parts("CINPlanDates", [element])
        started = self._required_date(table, "cinp_cin_plan_start_date", parts.text.get("CINPlanStartDate"))
        if started is None:
            return
        self._add(
            table,
            cinp_cin_plan_id=f"P{place}",
            cinp_referral_id=f"R{referral}",
            cinp_person_id=person,
            cinp_cin_plan_start_date=started,
            cinp_cin_plan_end_date=self._date(
                table, "cinp_cin_plan_end_date", parts.text.get("CINPlanEndDate")
            ),
        )

    def _add_enquiry(self, person: str, referral: str, place: str, element: _Element) -> None:
        table = "ssd_s47_enquiry"
        parts = self._parts("Section47", [element])
        started = self._required_date(table, "s47e_s47_start_date", parts.text.get("S47ActualStartDate"))
        if started is None:
            return
        self._add(
            table,
            s47e_s47_enquiry_id=f"S{place}",
            s47e_referral_id=f"R{referral}",
            s47e_person_id=person,
            s47e_s47_start_date=started,
        )
        self._add_conference(person, referral, parts, enquiry=place)

    def _add_conference(self, person: str, referral: str, parts: Parts, *, enquiry: str | None) -> None:
        """Add a conference that was held; a target date alone says nothing that happened."""
        table = "ssd_initial_cp_conference"
        held = self._date(table, "icpc_icpc_date", parts.text.get("DateOfInitialCPC"))
        target = self._date(table, "icpc_icpc_target_date", parts.text.get("InitialCPCtarget"))
        if held is None:
            return
        self._add(
            table,
            icpc_icpc_id=f"C{enquiry or referral}",
            icpc_s47_enquiry_id=f"S{enquiry}" if enquiry else None,
            icpc_person_id=person,
            icpc_referral_id=f"R{referral}",
            icpc_icpc_transfer_in="N" if enquiry else "Y",
            icpc_icpc_target_date=target,
            icpc_icpc_date=held,
        )

    def _add_protection_plan(self, person: str, referral: str, place: str, element: _Element) -> None:
        table = "ssd_cp_plans"
        parts = self._parts("ChildProtectionPlans", [element])
        started = self._required_date(table, "cppl_cp_plan_start_date", parts.text.get("CPPstartDate"))
        if started is None:
            return
        first, latest = "cppl_cp_plan_initial_category", "cppl_cp_plan_latest_category"
        self._add(
            table,
            cppl_cp_plan_id=f"CP{place}",
            cppl_referral_id=f"R{referral}",
            cppl_person_id=person,
            cppl_cp_plan_start_date=started,
            cppl_cp_plan_end_date=self._date(table, "cppl_cp_plan_end_date", parts.text.get("CPPendDate")),
            cppl_cp_plan_initial_category=self._code(table, first, parts.text.get("InitialCategoryOfAbuse")),
            cppl_cp_plan_latest_category=self._code(table, latest, parts.text.get("LatestCategoryOfAbuse")),
        )
        reviews = self._parts("Reviews", parts.many["Reviews"]).many["CPPreviewDate"]
        for number, review in enumerate(reviews, start=1):
            self._add_review(person, place, number, review)

    def _add_review(self, person: str, plan: str, number: int, element: _Element) -> None:
        held = self._required_date("ssd_cp_reviews", "cppr_cp_review_date", content(element))
        if held is not None:
            self._add(
                "ssd_cp_reviews",
                cppr_cp_review_id=f"CPR{plan}-{number}",
                cppr_person_id=person,
                cppr_cp_plan_id=f"CP{plan}",
                cppr_cp_review_date=held,
            )
