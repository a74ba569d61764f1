"""Every parameter a policy can set, with its value in each preset, and the preset documents.

The four presets are four ways of running coaching. A value that is missing from a preset means
that it has no such rule. Four answers no preset can give, so that every school must: how long
records are kept, who may open a part when everyone who could has left, who holds the
repository, and whether protected keys are published.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from coachbook.errors import UsageError
from coachbook.frontmatter import Value, format_header, parse_header
from coachbook.parameters import ParameterSpec, ParameterType, Setting, parse_setting
from coachbook.people import ROLE_TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

COLLATES = "head-collates"
EXCLUDED = "head-excluded"
MODELS = "trust-two-models"
MENTOR = "mentor-and-slt"

PRESETS = (COLLATES, EXCLUDED, MODELS, MENTOR)
"""The presets that have values; those with a document of their own are `preset_names`."""

NOBODY = "nobody"
"""The answer of a school in which no role may open what nobody can open any more."""

_INTEGER = ParameterType.INTEGER
_YES_NO = ParameterType.YES_NO
_CHOICE = ParameterType.CHOICE
_CADENCE = ParameterType.CADENCE
_TEXT = ParameterType.TEXT

_CATEGORIES = {
    "senior-leader": "senior leaders",
    "teacher": "teachers",
    "teaching-support": "teaching support staff",
    "other": "other staff",
    "governor": "governors",
    "external": "external coaches",
}
_SUBJECTS = {"maths": "maths", "reading": "reading", "writing": "writing"}
_EITHER_SIDE = {"coach": "the coach", "coachee": "the coachee"}


def _in_all(value: Setting) -> dict[str, Setting]:
    return dict.fromkeys(PRESETS, value)


_SESSIONS = (
    ParameterSpec(
        "session.minutes.max",
        _INTEGER,
        "the longest a session should last, in minutes",
        minimum=1,
        maximum=480,
        presets={COLLATES: 30, EXCLUDED: 15},
    ),
    ParameterSpec(
        "session.minutes.target",
        _INTEGER,
        "how long a session is meant to last, in minutes",
        minimum=1,
        maximum=480,
        presets={EXCLUDED: 15},
    ),
    ParameterSpec(
        "session.minutes.over",
        _CHOICE,
        "how a session over the limit is reported",
        choices={"warning": "reminder", "error": "breach of this policy"},
        presets={COLLATES: "error", EXCLUDED: "warning"},
    ),
    ParameterSpec(
        "session.window",
        _CHOICE,
        "when in the week a session may take place",
        choices={
            "scheduled-slot": "in its scheduled slot",
            "timetabled": "at a time in the timetable",
        },
        presets={COLLATES: "scheduled-slot", MENTOR: "timetabled"},
    ),
    ParameterSpec(
        "session.in_lesson",
        _CHOICE,
        "whether coaching may happen during a lesson",
        choices={
            "never": "never",
            "when-safe": "only when pupils' learning and safety are protected",
        },
        presets={COLLATES: "when-safe"},
    ),
    ParameterSpec(
        "session.school_hours_only",
        _CHOICE,
        "whose development is timetabled within school hours",
        many=True,
        choices=_CATEGORIES,
        presets={MENTOR: ("teaching-support",)},
    ),
    ParameterSpec(
        "session.styles",
        _CHOICE,
        "the styles of coaching that are intended",
        many=True,
        choices={
            "facilitative": "facilitative",
            "dialogical": "dialogical",
            "directive": "directive",
            "advisory": "advisory",
        },
        presets={
            EXCLUDED: ("facilitative", "dialogical"),
            MODELS: ("facilitative", "dialogical", "directive"),
            MENTOR: ("advisory",),
        },
    ),
    ParameterSpec(
        "practice.check_back_days",
        _INTEGER,
        "school days until what was practised is looked at again",
        minimum=1,
        maximum=60,
        presets={EXCLUDED: 5},
    ),
    ParameterSpec(
        "feedback.required_after",
        _CHOICE,
        "after which visits feedback must follow",
        many=True,
        choices={
            "scheduled-observation": "a scheduled observation",
            "observation": "an observation",
            "learning-walk": "a learning walk",
            "drop-in": "a drop-in",
            "session": "a coaching session",
        },
        presets={
            COLLATES: ("scheduled-observation",),
            MODELS: ("drop-in",),
            MENTOR: ("observation", "learning-walk", "session"),
        },
    ),
    ParameterSpec(
        "dropin.next_steps",
        _CHOICE,
        "whether a drop-in may set next steps",
        choices={"allowed": "may", "forbidden": "may not"},
        presets={MODELS: "allowed", MENTOR: "forbidden"},
    ),
    ParameterSpec(
        "grades.allowed_to",
        _CHOICE,
        "who may give a grade, and on what",
        choices={
            "none": "nobody",
            "head": "the head, on a sheet of their own",
            "ect-form": "the observer of an early career teacher, on the scale of that form",
        },
        presets={COLLATES: "head", EXCLUDED: "none", MODELS: "none", MENTOR: "ect-form"},
    ),
)

_CADENCES = (
    ParameterSpec(
        "cadence.coaching",
        _CADENCE,
        "how often coaching takes place",
        many=True,
        presets={
            COLLATES: ("groups: 1 a half-term", "books: 1 a half-term"),
            EXCLUDED: ("1 a week",),
            MENTOR: ("groups: 1 a term for each subject",),
        },
    ),
    ParameterSpec(
        "cadence.expectation",
        _CHOICE,
        "how firmly the rhythm of coaching is meant",
        choices={"required": "is expected", "where-possible": "is aimed for wherever possible"},
        presets={COLLATES: "required", EXCLUDED: "where-possible", MENTOR: "required"},
    ),
    ParameterSpec(
        "cadence.mentoring",
        _CADENCE,
        "how often a mentor and a mentee meet",
        many=True,
        presets={MENTOR: ("year 1: 1 a week", "later: 2 a term")},
    ),
    ParameterSpec(
        "cadence.visit",
        _CADENCE,
        "how often a colleague is visited",
        many=True,
        presets={MENTOR: ("2 a half-term",)},
    ),
    ParameterSpec(
        "visit.arranged",
        _CHOICE,
        "how visits to lessons come about",
        choices={
            "leadership-timetable": "in the slots that leaders timetable",
            "open-door": "at any time, as drop-ins are usual",
        },
        presets={COLLATES: "leadership-timetable", MODELS: "open-door"},
    ),
    ParameterSpec(
        "visit.expected_of",
        _CHOICE,
        "of whom visits to colleagues are expected, not only encouraged",
        choices={"first-year": "teachers in their first year", "everyone": "everyone"},
        presets={MENTOR: "first-year"},
    ),
)

_PEOPLE = (
    ParameterSpec(
        "group.size",
        _INTEGER,
        "how many people coach together",
        minimum=2,
        maximum=12,
        presets={COLLATES: 3, EXCLUDED: 2, MODELS: 2, MENTOR: 3},
    ),
    ParameterSpec(
        "group.of",
        _CHOICE,
        "who is placed in groups",
        many=True,
        choices=_CATEGORIES,
        presets={COLLATES: ("teaching-support",), MENTOR: ("teacher",)},
    ),
    ParameterSpec(
        "subject.allowed.books",
        _CHOICE,
        "subjects of coaching on books",
        many=True,
        choices=_SUBJECTS,
        presets={COLLATES: ("maths", "writing")},
    ),
    ParameterSpec(
        "subject.allowed.groups",
        _CHOICE,
        "subjects of coaching in groups",
        many=True,
        choices=_SUBJECTS,
        presets={MENTOR: ("maths", "reading", "writing")},
    ),
    ParameterSpec(
        "partnership.chosen_by",
        _CHOICE,
        "who chooses the pairs",
        many=True,
        choices={
            "coachee": "the coachee",
            "team": "the coaching team",
            "role": "the role that each of them has",
            "slt": "the senior leadership team (for new staff)",
            "rotation": "rotation (for established staff)",
        },
        presets={
            COLLATES: ("coachee",),
            EXCLUDED: ("team",),
            MODELS: ("role",),
            MENTOR: ("slt", "rotation"),
        },
    ),
    ParameterSpec(
        "partnership.initial_length",
        _TEXT,
        "how long a pair works together before it is reviewed",
        presets={MENTOR: "1 year"},
    ),
    ParameterSpec(
        "eligible.coachee",
        _CHOICE,
        "who may be coached",
        many=True,
        choices={
            **_CATEGORIES,
            "teacher-after-induction": "teachers whose induction is complete",
            "everyone": "everyone who works here",
        },
        presets={
            COLLATES: ("teacher", "teaching-support"),
            EXCLUDED: ("teacher-after-induction",),
            MODELS: ("senior-leader", "teacher"),
            MENTOR: ("everyone",),
        },
    ),
    ParameterSpec(
        "eligible.coach",
        _CHOICE,
        "who may coach",
        many=True,
        choices={
            "coach-trained": "colleagues trained as coaches",
            "trained-in-both": "leaders trained in both approaches",
            "senior-leader": "senior leaders",
            "experienced": "experienced teachers",
            "external": "coaches from outside the school",
            "everyone": "everyone who works here",
        },
        presets={
            COLLATES: ("coach-trained",),
            EXCLUDED: ("senior-leader", "experienced", "external"),
            MODELS: ("trained-in-both",),
            MENTOR: ("everyone",),
        },
    ),
    ParameterSpec(
        "participants.forbidden_roles",
        _CHOICE,
        "roles that take no part in coaching",
        many=True,
        choices=ROLE_TITLES,
        presets={EXCLUDED: ("head",)},
    ),
)

_CYCLES = (
    ParameterSpec(
        "cycle.models",
        _CHOICE,
        "the models of coaching in use",
        many=True,
        choices={
            "impact-cycle": "the impact cycle",
            "instructional": "instructional coaching",
            "basic": "BASIC coaching",
            "grow": "GROW",
            "growth": "GROWTH",
            "coaching-points": "coaching points",
            "mentoring": "mentoring",
        },
        presets={
            COLLATES: ("coaching-points",),
            EXCLUDED: ("impact-cycle",),
            MODELS: ("instructional", "basic"),
            MENTOR: ("grow", "growth"),
        },
    ),
    ParameterSpec(
        "cycle.required",
        _YES_NO,
        "whether every session belongs to a cycle",
        choices={"yes": "always belongs to a cycle", "no": "may stand outside a cycle"},
        presets={COLLATES: False, EXCLUDED: True, MODELS: False, MENTOR: True},
    ),
    ParameterSpec(
        "cycle.end_date",
        _YES_NO,
        "whether a cycle has a planned end",
        choices={"yes": "has a planned end", "no": "may stay open"},
        presets={EXCLUDED: True, MENTOR: True},
    ),
    ParameterSpec(
        "cycle.close_requires",
        _CHOICE,
        "what a cycle needs before it closes",
        choices={"review": "a review", "impact-statement": "an impact statement"},
        presets={COLLATES: "review", EXCLUDED: "impact-statement", MENTOR: "review"},
    ),
    ParameterSpec(
        "impact.words.max",
        _INTEGER,
        "the most words an impact statement may have",
        minimum=20,
        maximum=1_000,
        presets={EXCLUDED: 150},
    ),
    ParameterSpec(
        "goal.set_by",
        _CHOICE,
        "who chooses the goal",
        choices={**_EITHER_SIDE, "either": "either of the two"},
        presets={COLLATES: "coachee", EXCLUDED: "coachee", MODELS: "either", MENTOR: "either"},
    ),
    ParameterSpec(
        "goal.rubric_required",
        _YES_NO,
        "whether a goal must name a strand of the rubric",
        choices={"yes": "must name a strand", "no": "may name a strand"},
        presets=_in_all(value=False),
    ),
)

_CARE = (
    ParameterSpec(
        "concern.route",
        _CHOICE,
        "whom a professional concern goes to, in this order",
        many=True,
        choices={**ROLE_TITLES, "mentee": "the mentee"},
        presets={
            COLLATES: ("head", "deputy"),
            EXCLUDED: ("capability-mentor",),
            MODELS: ("line-leader",),
            MENTOR: ("mentee", "slt"),
        },
    ),
    ParameterSpec(
        "concern.counsellor",
        _YES_NO,
        "whether the school has a counsellor whom staff can contact",
        presets={COLLATES: True},
    ),
    ParameterSpec(
        "stop.by",
        _CHOICE,
        "who may stop the coaching",
        many=True,
        choices=_EITHER_SIDE,
        presets=_in_all(("coach", "coachee")),
    ),
    ParameterSpec(
        "appraisal.use",
        _CHOICE,
        "how coaching and appraisal are connected",
        choices={
            "none": "nothing",
            "own-log": "the log that a person keeps of their own coaching, and an extract from it",
            "objective-link": "the objectives that a person chooses to link to a cycle",
            "support-targets": "the targets of support staff, and what others choose to bring",
        },
        presets={
            COLLATES: "own-log",
            EXCLUDED: "none",
            MODELS: "objective-link",
            MENTOR: "support-targets",
        },
    ),
    ParameterSpec(
        "reports.made",
        _CHOICE,
        "what is reported from the records",
        many=True,
        choices={
            "sef-supplement": "a supplement to the self-evaluation",
            "development-plan": "a section for the development plan",
            "personal-overview": "an overview for each person",
            "impact-statements": "the impact statement of each cycle",
            "coverage": "how priorities and characteristics are covered",
            "slt-overview": "an overview for the senior leadership team",
            "group-grid": "a grid of groups and subjects",
            "induction-list": "a list of who is in induction",
        },
        presets={
            COLLATES: ("sef-supplement", "development-plan", "personal-overview"),
            EXCLUDED: ("impact-statements",),
            MODELS: ("coverage",),
            MENTOR: ("slt-overview", "group-grid", "induction-list"),
        },
    ),
)

_RECORDS = (
    ParameterSpec(
        "storage.outputs",
        _CHOICE,
        "where what is made from the records is kept",
        choices={
            "head-and-own": "in the head's folder and in each person's own",
            "platform": "in the coaching workspace and nowhere else",
            "per-school": "in a folder of each school",
            "personal": "in each person's own area, never in a shared one",
        },
        presets={
            COLLATES: "head-and-own",
            EXCLUDED: "platform",
            MODELS: "per-school",
            MENTOR: "personal",
        },
    ),
    ParameterSpec(
        "repository.holders",
        _CHOICE,
        "roles that hold a copy of all the records",
        question="Which roles hold a copy of all the records?",
        many=True,
        choices=ROLE_TITLES,
        mandatory=True,
    ),
    ParameterSpec(
        "keys.publish_protected",
        _YES_NO,
        "whether passphrase-protected keys lie beside the portal",
        question="Publish passphrase-protected keys beside the portal (only behind a sign-in)?",
        choices={"yes": "lie beside the portal", "no": "stay with their owners"},
        mandatory=True,
    ),
    ParameterSpec(
        "recovery.holder",
        _CHOICE,
        "who may open a part when everyone who could read it has left",
        question="If everyone who can read a note has left, who may open it?",
        choices={NOBODY: "nobody", **ROLE_TITLES},
        mandatory=True,
    ),
    ParameterSpec(
        "portal.idle_minutes",
        _INTEGER,
        "minutes without use after which the portal locks",
        minimum=1,
        maximum=120,
        presets=_in_all(10),
    ),
    ParameterSpec(
        "handbook.names",
        _CHOICE,
        "whether the public handbook names people",
        choices={"roles-only": "roles and no names", "opt-in": "names only of those who agree"},
        presets=_in_all("roles-only"),
    ),
    ParameterSpec(
        "suppression.min_people",
        _INTEGER,
        "the fewest people a figure may stand for",
        minimum=1,
        maximum=100,
        presets=_in_all(5),
    ),
    ParameterSpec(
        "suppression.min_people.trust",
        _INTEGER,
        "the fewest people a figure over several schools may stand for",
        minimum=1,
        maximum=100,
        presets={MODELS: 10},
    ),
    ParameterSpec(
        "retention.notes",
        _TEXT,
        "how long the text of sessions and cycles is kept",
        question='How long are notes kept, such as "until 31 August after the cycle closes"?',
        mandatory=True,
    ),
    ParameterSpec(
        "retention.impact",
        _TEXT,
        "how long impact statements are kept",
        question='How long are impact statements kept, such as "for three years"?',
        mandatory=True,
    ),
    ParameterSpec(
        "retention.separate",
        _TEXT,
        "how long records kept apart, such as a concern, are kept",
        question='How long are concerns and the like kept, such as "for six years"?',
        mandatory=True,
    ),
)

PARAMETERS: Mapping[str, ParameterSpec] = {
    spec.key: spec
    for group in (_SESSIONS, _CADENCES, _PEOPLE, _CYCLES, _CARE, _RECORDS)
    for spec in group
}
"""Every parameter by its key, in the order of the table."""


def preset_names() -> tuple[str, ...]:
    """The presets that have a document, in order."""
    files = {entry.name for entry in _folder().iterdir()}
    return tuple(name for name in PRESETS if f"{name}.md" in files)


def preset_document(name: str) -> str:
    """The policy document of a preset; UsageError when there is none of that name."""
    if name not in preset_names():
        raise UsageError(
            f"there is no preset {name!r}", hint=f"choose one of: {', '.join(preset_names())}"
        )
    return (_folder() / f"{name}.md").read_text(encoding="utf-8")


def fill_preset(name: str, answers: Mapping[str, Value]) -> str:
    """The document of a preset with more header fields, as a school's own first policy.

    `answers` hold what a preset cannot know: school, version, dates, and every parameter with a
    question; an answer also takes the place of a value that the preset has.
    """
    text = preset_document(name)
    header = parse_header(text)
    own = {key: _plain(key, field.value) for key, field in header.fields.items()}
    values = own | {key: _plain(key, value) for key, value in answers.items()}
    return format_header(dict(sorted(values.items(), key=_rank))) + text[header.body_offset :]


_FIRST_KEYS = (
    *("type", "school", "version", "effective_from", "review_due"),
    *("ratified_on", "preset", *PARAMETERS),
)


def _rank(item: tuple[str, Value]) -> int:
    """Where a key stands in a header: the policy's own facts, then the table's order."""
    return _FIRST_KEYS.index(item[0]) if item[0] in _FIRST_KEYS else len(_FIRST_KEYS)


def _plain(key: str, value: Value) -> Value:
    """The value as its parameter has it, so that `yes` needs no quotes; others as they are."""
    spec = PARAMETERS.get(key)
    found = None if spec is None else parse_setting(spec, value)
    return value if found is None else found


def _folder() -> Traversable:
    return resources.files("coachbook") / "_presets"
