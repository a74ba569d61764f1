"""What readers ask of a policy, and the parameter that answers, page by page."""

from __future__ import annotations

from coachbook.handbook.document import Question

IN_BRIEF = (
    Question("eligible.coachee", "Who can be coached"),
    Question("eligible.coach", "Who can coach"),
    Question("participants.forbidden_roles", "Who takes no part"),
    Question("partnership.chosen_by", "Who picks the pairs"),
    Question("cycle.models", "How we coach"),
    Question("session.minutes.max", "How long a session is", "at most {} minutes"),
    Question("cadence.coaching", "How often people are coached"),
    Question("cadence.mentoring", "How often mentor and mentee meet"),
    Question("grades.allowed_to", "Who may give a grade"),
    Question("appraisal.use", "What appraisal takes from it"),
    Question("stop.by", "Who may stop it at any time"),
)
SESSIONS = (
    Question("session.minutes.target", "A session is meant to take", "{} minutes"),
    Question("session.minutes.max", "It takes at most", "{} minutes"),
    Question(
        "session.minutes.over", "A longer one", "is written down as it was, and shown as a {}"
    ),
    Question("session.window", "When in the week", "a session takes place {}"),
    Question("session.in_lesson", "Coaching during a lesson"),
    Question("cycle.required", "Sessions and cycles", "a session {}"),
    Question("cycle.end_date", "How long a cycle runs", "a cycle {}"),
    Question("cycle.close_requires", "What closes a cycle"),
    Question("goal.set_by", "Who chooses the goal"),
    Question("goal.rubric_required", "Goal and rubric", "a goal {} of the rubric"),
    Question(
        "practice.check_back_days", "What was practised is looked at", "within {} school days"
    ),
    Question("subject.allowed.books", "Subjects of coaching on books"),
    Question("subject.allowed.groups", "Subjects of coaching in groups"),
    Question("approaches.for_roles", "Which approach for which role"),
    Question("notes.shared_with", "Who is given the record of a session"),
)
VISITS = (
    Question("visit.arranged", "When visits take place"),
    Question("feedback.required_after", "What feedback follows on"),
    Question("feedback.within_days", "When feedback is given", "within {} school days"),
    Question("dropin.next_steps", "Next steps after a drop-in", "{} be set"),
    Question("grades.allowed_to", "Who may give a grade"),
    Question("observation.limit.count", "Observations of one person", "at most {} in a year"),
    Question(
        "observation.limit.minutes", "Time one person is observed", "at most {} minutes a year"
    ),
)
DECISIONS = (
    Question("eligible.coachee", "Who may be coached"),
    Question("coverage.of", "Who is meant to be coached or mentored each year"),
    Question("eligible.coach", "Who may coach"),
    Question("training.required_before", "What training comes before the first session as a coach"),
    Question("participants.forbidden_roles", "Who takes no part"),
    Question("partnership.chosen_by", "Who picks the pairs"),
    Question("partnership.initial_length", "When a pair is reviewed", "after {} months"),
    Question("agreement.required", "What a pair agrees first", "how they work {}"),
    Question("mentor.on_appointment", "Mentors of new staff", "new staff {}"),
    Question("accountability.required", "Who answers to whom", "everyone {}"),
    Question("group.of", "Who is placed in groups"),
    Question("group.size", "How large a group is", "{} people"),
    Question("goal.set_by", "Who chooses the goal"),
    Question("schedule.agreed", "Who agrees to a schedule", "a schedule {}"),
    Question("proofreading.required", "What a colleague reads before it is sent"),
    Question("stop.by", "Who may stop the coaching"),
    Question("reports.made", "What is reported"),
)
CARE = (
    Question(
        "concern.share_within_days",
        "When it is talked through with the person it is about",
        "within {} school days",
    ),
    Question("probation.midpoint", "Probation", "a probation period {}"),
)
PURPOSE = (
    Question("eligible.coachee", "Who can be coached"),
    Question("eligible.coach", "Who can coach"),
    Question("cycle.models", "How we coach"),
    Question("appraisal.use", "What appraisal takes from it"),
    Question("grades.allowed_to", "Who may give a grade"),
    Question("reports.made", "What is reported"),
    Question("stop.by", "Who may stop it at any time"),
)
LIMITS = (
    Question("retention.notes", "Notes of sessions, visits and cycles"),
    Question("retention.impact", "Reviews and statements"),
    Question("retention.separate", "Records kept apart, such as a concern"),
    Question("storage.outputs", "What is made from the records"),
)
