"""The table of rules: code, name, weight, consequence, function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.diagnostics import Consequence, Diagnostic, Severity
from coachbook.rules import (
    appraisal,
    cadence,
    clock,
    closing,
    confidentiality,
    dates,
    groups,
    keys,
    notes,
    people,
    policies,
    policyfit,
    process,
    publication,
    recovering,
    references,
    requests,
    reviews,
    routes,
    sealedkeys,
    settling,
    signed,
    since,
    standing,
    structure,
    taking_part,
    text,
    visits,
    vocabulary,
    waivers,
)
from coachbook.rules.about import RecordRule
from coachbook.rules.rule import PLAIN, SINCE, TEXT, AnyRule, Case, Finding, Passage, Rule, Since

if TYPE_CHECKING:
    from coachbook.book import Book
    from coachbook.rules.about import RecordCheck

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_LISTED, _HELD, _STOPS = Consequence.LISTED, Consequence.HELD_BACK, Consequence.STOPS


def _record(
    code: str, name: str, severity: Severity, consequence: Consequence, check: RecordCheck
) -> RecordRule:
    """The row of a rule about one record, which says itself what it is about."""
    return RecordRule(code, name, severity, consequence, check.run, about=check.about)


RECORD_RULES: tuple[RecordRule, ...] = (
    _record("CB102", "unknown-key", _ERROR, _HELD, structure.unknown_key),
    _record("CB103", "missing-key", _ERROR, _HELD, structure.missing_key),
    _record("CB104", "unfit-value", _ERROR, _HELD, structure.unfit_value),
    _record("CB105", "malformed-id", _ERROR, _HELD, structure.malformed_id),
    _record("CB106", "duplicate-id", _ERROR, _HELD, structure.duplicate_id),
    _record("CB107", "wrong-place", _ERROR, _HELD, structure.wrong_place),
    _record("CB108", "section-syntax", _ERROR, _STOPS, structure.section_syntax),
    _record("CB109", "wrong-section", _ERROR, _STOPS, structure.wrong_section),
    _record("CB112", "byte-order-mark", _WARNING, _LISTED, structure.byte_order_mark),
    _record("CB201", "unknown-reference", _ERROR, _HELD, references.unknown_reference),
    _record("CB202", "coach-is-coachee", _ERROR, _LISTED, taking_part.coach_is_coachee),
    _record("CB203", "forbidden-role", _ERROR, _LISTED, taking_part.forbidden_role),
    _record("CB204", "not-here", _ERROR, _LISTED, taking_part.not_here),
    _record("CB205", "other-school", _ERROR, _LISTED, taking_part.other_school),
    _record("CB206", "outside-partnership", _ERROR, _LISTED, taking_part.outside_partnership),
    _record("CB207", "ends-before-start", _ERROR, _LISTED, references.ends_before_start),
    _record("CB208", "group-size", _ERROR, _LISTED, groups.group_size),
    _record("CB209", "not-trained-yet", _ERROR, _LISTED, people.not_trained_yet),
    _record("CB210", "may-not-coach", _ERROR, _LISTED, people.may_not_coach),
    _record("CB211", "may-not-be-coached", _ERROR, _LISTED, people.may_not_be_coached),
    _record("CB212", "induction-too-short", _WARNING, _LISTED, people.induction_too_short),
    _record("CB213", "accountability-circle", _ERROR, _STOPS, standing.accountability_circle),
    _record("CB214", "accountable-to-nobody", _WARNING, _LISTED, standing.accountable_to_nobody),
    _record("CB215", "local-variant", _ERROR, _LISTED, vocabulary.local_variant),
    _record("CB216", "observer-not-leading", _WARNING, _LISTED, people.observer_not_leading),
    _record("CB217", "chosen-otherwise", _WARNING, _LISTED, people.chosen_otherwise),
    _record("CB218", "given-out-unfit", _ERROR, _LISTED, publication.given_out_unfit),
    _record("CB219", "follows-itself", _ERROR, _LISTED, references.follows_itself),
    _record("CB301", "outside-term", _ERROR, _LISTED, dates.outside_term),
    _record("CB302", "too-long", _WARNING, _LISTED, dates.too_long),
    _record("CB303", "still-to-come", _ERROR, _LISTED, dates.still_to_come),
    _record("CB304", "weekend", _WARNING, _LISTED, dates.weekend),
    _record("CB305", "calendar-contradiction", _ERROR, _STOPS, dates.calendar_contradiction),
    _record("CB307", "cadence-missed", _WARNING, _LISTED, cadence.cadence_missed),
    _record("CB308", "outside-window", _ERROR, _LISTED, groups.outside_window),
    _record("CB309", "outside-school-hours", _WARNING, _LISTED, clock.outside_school_hours),
    _record("CB310", "in-lesson-unprotected", _ERROR, _LISTED, clock.in_lesson_unprotected),
    _record("CB311", "check-back-late", _INFO, _LISTED, cadence.check_back_late),
    _record("CB312", "feedback-overdue", _WARNING, _LISTED, clock.feedback_overdue),
    _record("CB313", "no-mentor", _ERROR, _LISTED, standing.no_mentor),
    _record("CB314", "review-overdue", _WARNING, _LISTED, reviews.review_overdue),
    _record("CB315", "probation-half-way", _INFO, _LISTED, reviews.probation_half_way),
    _record("CB316", "rotation-repeat", _WARNING, _LISTED, groups.rotation_repeat),
    _record("CB317", "training-overdue", _WARNING, _LISTED, standing.training_overdue),
    _record(
        "CB318", "unplanned-without-trigger", _WARNING, _LISTED, clock.unplanned_without_trigger
    ),
    _record("CB319", "no-planned-end", _ERROR, _LISTED, clock.no_planned_end),
    _record("CB320", "observation-limit", _WARNING, _LISTED, clock.observation_limit),
    _record("CB321", "no-minutes", _WARNING, _LISTED, clock.no_minutes),
    _record("CB322", "induction-review-due", _INFO, _LISTED, reviews.induction_review_due),
    _record("CB323", "schedule-not-agreed", _WARNING, _LISTED, groups.schedule_not_agreed),
    _record("CB324", "not-settled-yet", _WARNING, _LISTED, settling.not_settled),
    _record("CB325", "mentor-late", _WARNING, _LISTED, standing.mentor_late),
    _record("CB330", "request-overdue", _ERROR, _LISTED, requests.request_overdue),
    _record("CB401", "closed-without-statement", _ERROR, _LISTED, closing.closed_without_statement),
    _record("CB402", "unintended-style", _WARNING, _LISTED, process.unintended_style),
    _record("CB403", "before-induction-ends", _ERROR, _LISTED, process.before_induction_ends),
    _record("CB404", "missed-without-reason", _ERROR, _LISTED, process.missed_without_reason),
    _record("CB405", "subject-not-allowed", _ERROR, _LISTED, visits.subject_not_allowed),
    _record("CB406", "steps-on-a-drop-in", _ERROR, _LISTED, visits.steps_on_a_drop_in),
    _record("CB407", "grade-not-allowed", _ERROR, _LISTED, visits.grade_not_allowed),
    _record("CB408", "while-stopped", _ERROR, _LISTED, routes.while_stopped),
    _record("CB421", "proof-reading", _WARNING, _LISTED, publication.proof_reading),
    _record("CB422", "goal-missing", _ERROR, _LISTED, closing.goal_missing),
    _record("CB423", "closed-without-review", _ERROR, _LISTED, closing.closed_without_review),
    _record("CB426", "session-without-cycle", _ERROR, _LISTED, process.session_without_cycle),
    _record("CB427", "own-cycle", _WARNING, _LISTED, closing.monitor_sums_up_own_cycle),
    _record("CB428", "form-empty", _WARNING, _LISTED, visits.form_empty),
    _record("CB429", "public-without-consent", _ERROR, _STOPS, publication.public_without_consent),
    _record("CB430", "survey-too-small", _WARNING, _LISTED, publication.survey_too_small),
    _record("CB432", "waiver-unfit", _WARNING, _LISTED, waivers.waiver_unfit),
    _record("CB436", "agreement-missing", _ERROR, _LISTED, routes.agreement_missing),
    _record("CB438", "own-proof-reader", _ERROR, _LISTED, publication.own_proof_reader),
    _record("CB439", "not-the-monitor", _ERROR, _LISTED, closing.statement_by_somebody_else),
    _record("CB441", "linked-without-consent", _ERROR, _LISTED, appraisal.linked_without_consent),
    _record("CB443", "more-than-the-class", _WARNING, _LISTED, visits.more_than_the_class),
    _record("CB501", "unsealed", _ERROR, _STOPS, confidentiality.unsealed),
    _record("CB502", "wider-than-its-row", _ERROR, _STOPS, confidentiality.wider_than_its_row),
    _record("CB503", "reader-drift", _ERROR, _STOPS, confidentiality.reader_drift),
    _record("CB504", "damaged-block", _ERROR, _STOPS, confidentiality.damaged_block),
    _record("CB505", "beside-a-block", _ERROR, _STOPS, confidentiality.beside_a_block),
    _record("CB506", "changed-after-final", _ERROR, _STOPS, notes.changed_after_final),
    _record("CB507", "draft-too-open", _ERROR, _STOPS, notes.draft_too_open),
    _record("CB508", "not-the-author", _ERROR, _STOPS, notes.not_the_author),
    _record("CB511", "false-signature", _ERROR, _STOPS, signed.false_signature),
    _record("CB512", "not-the-signer", _ERROR, _STOPS, signed.not_the_signer),
    _record("CB513", "late-signature", _WARNING, _LISTED, signed.late_signature),
    _record("CB605", "unknown-key", _ERROR, _STOPS, sealedkeys.unknown_key),
    _record("CB701", "parameter-without-clause", _ERROR, _STOPS, policies.parameter_without_clause),
    _record("CB702", "unknown-parameter", _ERROR, _STOPS, policies.unknown_parameter),
    _record("CB703", "access-table", _ERROR, _STOPS, policies.access_table),
    _record("CB704", "missing-decision", _ERROR, _STOPS, policies.missing_decision),
    _record("CB705", "not-in-good-standing", _WARNING, _LISTED, policies.not_in_good_standing),
    _record("CB706", "denied-holder", _ERROR, _STOPS, policies.denied_holder),
    _record("CB708", "before-the-policy", _ERROR, _STOPS, policyfit.before_the_policy),
    _record("CB710", "form-without-row", _ERROR, _STOPS, policyfit.form_without_row),
    _record("CB711", "contradiction", _ERROR, _STOPS, policies.contradiction),
    _record("CB712", "conflicting-roles", _WARNING, _LISTED, policyfit.conflicting_roles),
    _record("CB713", "common-limits", _INFO, _LISTED, policies.common_limits),
    _record("CB714", "unknown-name", _ERROR, _STOPS, policies.unknown_name),
    _record("CB715", "unknown-preset", _ERROR, _STOPS, policies.unknown_preset),
    _record("CB717", "fixed-day", _WARNING, _LISTED, policyfit.fixed_day),
)
"""Rules about one record, run on each that they are about."""

BOOK_RULES: tuple[Rule[Book, Diagnostic], ...] = (
    Rule("CB101", "header-unreadable", _ERROR, _HELD, structure.header_unreadable),
    Rule("CB110", "not-a-record", _ERROR, _LISTED, structure.not_a_record),
    Rule("CB111", "unknown-type", _ERROR, _STOPS, structure.unknown_type),
    Rule("CB306", "calendar-missing", _WARNING, _LISTED, dates.calendar_missing),
    Rule("CB601", "demonstration-key", _ERROR, _STOPS, keys.demonstration_key),
    Rule("CB602", "reader-without-key", _WARNING, _LISTED, keys.reader_without_key),
    Rule("CB603", "malformed-key", _ERROR, _STOPS, keys.malformed_key),
    Rule("CB604", "shared-key", _ERROR, _STOPS, keys.shared_key),
    Rule("CB606", "stale-key", _INFO, _LISTED, sealedkeys.stale_key),
    Rule("CB607", "holder-shut-out", _WARNING, _LISTED, sealedkeys.holder_shut_out),
    Rule("CB608", "recovery-unproved", _INFO, _LISTED, recovering.recovery_unproved),
    Rule("CB707", "no-policy", _ERROR, _STOPS, policyfit.no_policy),
    Rule("CB709", "versions-collide", _ERROR, _STOPS, policyfit.versions_collide),
)
"""Rules about the workspace as a whole, run once."""

TEXT_RULES: tuple[Rule[Passage, Finding], ...] = (
    Rule("CB411", "step-without-date", _WARNING, _LISTED, text.step_without_date, TEXT),
    Rule("CB412", "step-date-unreadable", _ERROR, _LISTED, text.step_date_unreadable, TEXT),
    Rule("CB413", "line-not-a-choice", _ERROR, _LISTED, text.line_not_a_choice, TEXT),
    Rule("CB414", "required-text-missing", _ERROR, _LISTED, text.required_text_missing, TEXT),
    Rule("CB415", "too-many-words", _WARNING, _LISTED, text.too_many_words, TEXT),
    Rule("CB416", "pupil-name", _WARNING, _LISTED, text.pupil_name, TEXT),
    Rule("CB417", "identity", _WARNING, _LISTED, text.identity, TEXT),
    Rule("CB418", "grade-or-judgement", _WARNING, _LISTED, text.grade_or_judgement, TEXT),
    Rule("CB419", "safeguarding", _ERROR, _STOPS, text.safeguarding, TEXT),
    Rule("CB420", "too-many-points", _WARNING, _LISTED, text.too_many_points, TEXT),
    Rule("CB424", "met-without-evidence", _WARNING, _LISTED, text.met_without_evidence, TEXT),
    Rule(
        "CB425", "off-track-without-support", _ERROR, _LISTED, text.off_track_without_support, TEXT
    ),
    Rule("CB431", "step-in-a-drop-in", _WARNING, _LISTED, text.step_in_a_drop_in, TEXT),
    Rule("CB440", "word-off-the-list", _WARNING, _LISTED, text.word_off_the_list, TEXT),
    Rule("CB442", "grade-in-a-drop-in", _WARNING, _LISTED, text.grade_in_a_drop_in, TEXT),
)
"""Rules about a section's text, run only where it can be seen."""

PLAIN_RULES: tuple[Rule[Case, Finding | Diagnostic], ...] = (
    Rule("CB409", "concern-route", _ERROR, _LISTED, routes.concern_route, PLAIN),
    Rule("CB410", "concern-not-shared", _WARNING, _LISTED, routes.concern_not_shared, PLAIN),
    Rule("CB433", "extract-not-for-them", _ERROR, _LISTED, routes.extract_not_for_them, PLAIN),
    Rule("CB437", "stop-without-pause", _WARNING, _LISTED, routes.stop_without_pause, PLAIN),
)
"""Rules about a record that is sealed whole, run only while it is still plain."""

SINCE_RULES: tuple[Rule[Since, Diagnostic], ...] = (
    Rule("CB509", "unapproved-reader", _ERROR, _STOPS, since.unapproved_reader, SINCE),
    Rule("CB510", "gone-back", _ERROR, _STOPS, since.gone_back, SINCE),
)
"""Rules about what has changed, run only beside an earlier state: `check --since`."""

RULES: tuple[AnyRule, ...] = tuple(
    sorted(
        (*RECORD_RULES, *BOOK_RULES, *TEXT_RULES, *PLAIN_RULES, *SINCE_RULES),
        key=lambda rule: rule.code,
    )
)
"""Every rule by code."""


def find_rule(name: str) -> AnyRule | None:
    """The rule with this code or name, in any case."""
    wanted = name.strip().lower()
    return next((rule for rule in RULES if wanted in {rule.code.lower(), rule.name}), None)
