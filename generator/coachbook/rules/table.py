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
from coachbook.rules.rule import (
    PLAIN,
    SINCE,
    TEXT,
    AnyRule,
    Case,
    Finding,
    Passage,
    Rule,
    Since,
)

if TYPE_CHECKING:
    from coachbook.book import Book

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_LISTED, _HELD, _STOPS = Consequence.LISTED, Consequence.HELD_BACK, Consequence.STOPS

RECORD_RULES: tuple[Rule[Case, Finding | Diagnostic], ...] = (
    Rule("CB102", "unknown-key", _ERROR, _HELD, structure.unknown_key),
    Rule("CB103", "missing-key", _ERROR, _HELD, structure.missing_key),
    Rule("CB104", "unfit-value", _ERROR, _HELD, structure.unfit_value),
    Rule("CB105", "malformed-id", _ERROR, _HELD, structure.malformed_id),
    Rule("CB106", "duplicate-id", _ERROR, _HELD, structure.duplicate_id),
    Rule("CB107", "wrong-place", _ERROR, _HELD, structure.wrong_place),
    Rule("CB108", "section-syntax", _ERROR, _STOPS, structure.section_syntax),
    Rule("CB109", "wrong-section", _ERROR, _STOPS, structure.wrong_section),
    Rule("CB112", "byte-order-mark", _WARNING, _LISTED, structure.byte_order_mark),
    Rule("CB201", "unknown-reference", _ERROR, _HELD, references.unknown_reference),
    Rule("CB202", "coach-is-coachee", _ERROR, _LISTED, taking_part.coach_is_coachee),
    Rule("CB203", "forbidden-role", _ERROR, _LISTED, taking_part.forbidden_role),
    Rule("CB204", "not-here", _ERROR, _LISTED, taking_part.not_here),
    Rule("CB205", "other-school", _ERROR, _LISTED, taking_part.other_school),
    Rule("CB206", "outside-partnership", _ERROR, _LISTED, taking_part.outside_partnership),
    Rule("CB207", "ends-before-start", _ERROR, _LISTED, references.ends_before_start),
    Rule("CB208", "group-size", _ERROR, _LISTED, groups.group_size),
    Rule("CB209", "not-trained-yet", _ERROR, _LISTED, people.not_trained_yet),
    Rule("CB210", "may-not-coach", _ERROR, _LISTED, people.may_not_coach),
    Rule("CB211", "may-not-be-coached", _ERROR, _LISTED, people.may_not_be_coached),
    Rule("CB212", "induction-too-short", _WARNING, _LISTED, people.induction_too_short),
    Rule("CB213", "accountability-circle", _ERROR, _STOPS, standing.accountability_circle),
    Rule("CB214", "accountable-to-nobody", _WARNING, _LISTED, standing.accountable_to_nobody),
    Rule("CB215", "local-variant", _ERROR, _LISTED, vocabulary.local_variant),
    Rule("CB216", "observer-not-leading", _WARNING, _LISTED, people.observer_not_leading),
    Rule("CB217", "chosen-otherwise", _WARNING, _LISTED, people.chosen_otherwise),
    Rule("CB218", "given-out-unfit", _ERROR, _LISTED, publication.given_out_unfit),
    Rule("CB219", "follows-itself", _ERROR, _LISTED, references.follows_itself),
    Rule("CB301", "outside-term", _ERROR, _LISTED, dates.outside_term),
    Rule("CB302", "too-long", _WARNING, _LISTED, dates.too_long),
    Rule("CB303", "still-to-come", _ERROR, _LISTED, dates.still_to_come),
    Rule("CB304", "weekend", _WARNING, _LISTED, dates.weekend),
    Rule("CB305", "calendar-contradiction", _ERROR, _STOPS, dates.calendar_contradiction),
    Rule("CB307", "cadence-missed", _WARNING, _LISTED, cadence.cadence_missed),
    Rule("CB308", "outside-window", _ERROR, _LISTED, groups.outside_window),
    Rule("CB309", "outside-school-hours", _WARNING, _LISTED, clock.outside_school_hours),
    Rule("CB310", "in-lesson-unprotected", _ERROR, _LISTED, clock.in_lesson_unprotected),
    Rule("CB311", "check-back-late", _INFO, _LISTED, cadence.check_back_late),
    Rule("CB312", "feedback-overdue", _WARNING, _LISTED, clock.feedback_overdue),
    Rule("CB313", "no-mentor", _ERROR, _LISTED, standing.no_mentor),
    Rule("CB314", "review-overdue", _WARNING, _LISTED, reviews.review_overdue),
    Rule("CB315", "probation-half-way", _INFO, _LISTED, reviews.probation_half_way),
    Rule("CB316", "rotation-repeat", _WARNING, _LISTED, groups.rotation_repeat),
    Rule("CB317", "training-overdue", _WARNING, _LISTED, standing.training_overdue),
    Rule("CB318", "unplanned-without-trigger", _WARNING, _LISTED, clock.unplanned_without_trigger),
    Rule("CB319", "no-planned-end", _ERROR, _LISTED, clock.no_planned_end),
    Rule("CB320", "observation-limit", _WARNING, _LISTED, clock.observation_limit),
    Rule("CB321", "no-minutes", _WARNING, _LISTED, clock.no_minutes),
    Rule("CB322", "induction-review-due", _INFO, _LISTED, reviews.induction_review_due),
    Rule("CB323", "schedule-not-agreed", _WARNING, _LISTED, groups.schedule_not_agreed),
    Rule("CB324", "not-settled-yet", _WARNING, _LISTED, settling.not_settled),
    Rule("CB325", "mentor-late", _WARNING, _LISTED, standing.mentor_late),
    Rule("CB330", "request-overdue", _ERROR, _LISTED, requests.request_overdue),
    Rule("CB401", "closed-without-statement", _ERROR, _LISTED, closing.closed_without_statement),
    Rule("CB402", "unintended-style", _WARNING, _LISTED, process.unintended_style),
    Rule("CB403", "before-induction-ends", _ERROR, _LISTED, process.before_induction_ends),
    Rule("CB404", "missed-without-reason", _ERROR, _LISTED, process.missed_without_reason),
    Rule("CB405", "subject-not-allowed", _ERROR, _LISTED, visits.subject_not_allowed),
    Rule("CB406", "steps-on-a-drop-in", _ERROR, _LISTED, visits.steps_on_a_drop_in),
    Rule("CB407", "grade-not-allowed", _ERROR, _LISTED, visits.grade_not_allowed),
    Rule("CB408", "while-stopped", _ERROR, _LISTED, routes.while_stopped),
    Rule("CB421", "proof-reading", _WARNING, _LISTED, publication.proof_reading),
    Rule("CB422", "goal-missing", _ERROR, _LISTED, closing.goal_missing),
    Rule("CB423", "closed-without-review", _ERROR, _LISTED, closing.closed_without_review),
    Rule("CB426", "session-without-cycle", _ERROR, _LISTED, process.session_without_cycle),
    Rule("CB427", "own-cycle", _WARNING, _LISTED, closing.monitor_sums_up_own_cycle),
    Rule("CB428", "form-empty", _WARNING, _LISTED, visits.form_empty),
    Rule("CB429", "public-without-consent", _ERROR, _STOPS, publication.public_without_consent),
    Rule("CB430", "survey-too-small", _WARNING, _LISTED, publication.survey_too_small),
    Rule("CB432", "waiver-unfit", _WARNING, _LISTED, waivers.waiver_unfit),
    Rule("CB436", "agreement-missing", _ERROR, _LISTED, routes.agreement_missing),
    Rule("CB438", "own-proof-reader", _ERROR, _LISTED, publication.own_proof_reader),
    Rule("CB439", "not-the-monitor", _ERROR, _LISTED, closing.statement_by_somebody_else),
    Rule("CB441", "linked-without-consent", _ERROR, _LISTED, appraisal.linked_without_consent),
    Rule("CB443", "more-than-the-class", _WARNING, _LISTED, visits.more_than_the_class),
    Rule("CB501", "unsealed", _ERROR, _STOPS, confidentiality.unsealed),
    Rule("CB502", "wider-than-its-row", _ERROR, _STOPS, confidentiality.wider_than_its_row),
    Rule("CB503", "reader-drift", _ERROR, _STOPS, confidentiality.reader_drift),
    Rule("CB504", "damaged-block", _ERROR, _STOPS, confidentiality.damaged_block),
    Rule("CB505", "beside-a-block", _ERROR, _STOPS, confidentiality.beside_a_block),
    Rule("CB506", "changed-after-final", _ERROR, _STOPS, notes.changed_after_final),
    Rule("CB507", "draft-too-open", _ERROR, _STOPS, notes.draft_too_open),
    Rule("CB508", "not-the-author", _ERROR, _STOPS, notes.not_the_author),
    Rule("CB511", "false-signature", _ERROR, _STOPS, signed.false_signature),
    Rule("CB512", "not-the-signer", _ERROR, _STOPS, signed.not_the_signer),
    Rule("CB513", "late-signature", _WARNING, _LISTED, signed.late_signature),
    Rule("CB605", "unknown-key", _ERROR, _STOPS, sealedkeys.unknown_key),
    Rule("CB701", "parameter-without-clause", _ERROR, _STOPS, policies.parameter_without_clause),
    Rule("CB702", "unknown-parameter", _ERROR, _STOPS, policies.unknown_parameter),
    Rule("CB703", "access-table", _ERROR, _STOPS, policies.access_table),
    Rule("CB704", "missing-decision", _ERROR, _STOPS, policies.missing_decision),
    Rule("CB705", "not-in-good-standing", _WARNING, _LISTED, policies.not_in_good_standing),
    Rule("CB706", "denied-holder", _ERROR, _STOPS, policies.denied_holder),
    Rule("CB708", "before-the-policy", _ERROR, _STOPS, policyfit.before_the_policy),
    Rule("CB710", "form-without-row", _ERROR, _STOPS, policyfit.form_without_row),
    Rule("CB711", "contradiction", _ERROR, _STOPS, policies.contradiction),
    Rule("CB712", "conflicting-roles", _WARNING, _LISTED, policyfit.conflicting_roles),
    Rule("CB713", "common-limits", _INFO, _LISTED, policies.common_limits),
    Rule("CB714", "unknown-name", _ERROR, _STOPS, policies.unknown_name),
    Rule("CB715", "unknown-preset", _ERROR, _STOPS, policies.unknown_preset),
    Rule("CB717", "fixed-day", _WARNING, _LISTED, policyfit.fixed_day),
)
"""Rules about one record, run on each."""

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
