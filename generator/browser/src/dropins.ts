// What does not belong in the text about a drop-in: a next step, a grade. Twin of forms/dropins.py.

import { lengthOf } from "./faults.ts";
import { LISTS } from "./wordlists.ts";

/** Line and column, each from 1. */
export type Place = readonly [line: number, column: number];

const STEP =
  /^[ \t]{0,20}(?=((?:[-*+][ \t]{1,9})?(?:[-*+]?[ \t]{0,9}\[[ xX]?\]|[*_]{0,3}(?:next steps?(?![a-z])|even better if(?![a-z])|(?:targets?|actions?|action steps?|to do|to work on)[*_]{0,3}[ \t]{0,9}:))))/iu;
const NEXT = /(?:^[ \t]{0,20}|[.!?][ \t]{1,9})(?=next (?:time|steps?)(?![a-z]))/iu;
const STEP_NAMED = [
  "as (?:an?|the|one|your|her|his|our) (?:possible |useful |good |first )?next steps?(?![a-z]| of | in )",
  "(?:an?|the|one|another|your|her|his|our) (?:possible |useful |good |first )?next steps? (?:is|are|(?:could|should|would|might|may|will) be) ",
  "next steps? (?:for (?:you|her|him|us|me|both)|to (?:try|consider))(?![a-z])",
];
const ADVICE = [
  "(?:next time|in future|from now on),? (?:(?:you|she|he|we|i) (?:should|could|might|must|may|needs?|ought)|it (?:would|might) be|try|aim|consider|remember)(?![a-z])",
  "(?:you|she|he|we|i) (?:should|could|might|must|needs? to|ought to) [^.!?]{1,60} (?:next time|in future)(?![a-z])",
];
const WITHIN = new RegExp(`(?:^|[^a-z])(?=${[...STEP_NAMED, ...ADVICE].join("|")})`, "iu");
const LABEL =
  /(?:^[ \t]{0,20}(?:[-*+][ \t]{1,9})?[*_]{0,3}|[.!?;(][ \t]{0,9})(?=(?:overall |my |final )?(?:grade|grading|rating|judge?ment)s?[*_]{0,3}[ \t]{0,9}[:=])/iu;
const FILLER =
  "(?: (?:to be|it|this|that|her|him|as|at|an?|of|is|was|overall|very|securely|the lesson|the teaching)){0,3}";
const END =
  "(?=[^a-z0-9 \\t\\-]|[ \\t]{0,9}$|[ \\t](?:overall|for|by|in|on|or|to|and|but|with|as|again|throughout|today|because)(?![a-z]))";

/** Where a text sets a next step: the first place of each line. */
export function nextSteps(text: string): Place[] {
  return placesOf(text, [STEP, NEXT, WITHIN]);
}

/** Where a text gives a grade; `scales` are the words of the school's own scales. */
export function grades(text: string, scales: readonly string[]): Place[] {
  return placesOf(text, [LABEL, graded(scales)]);
}

function graded(scales: readonly string[]): RegExp {
  const words = [...LISTS.grades, ...scales].map(escaped).join("|");
  return new RegExp(
    `(?:^|[^a-z])(?=(?:(?:re)?graded|rated|judged|grade|rating)${FILLER}:?[ \\t]['"*_]{0,3}(?:${words})${END}|(?:(?:re)?graded|rated|judged)${FILLER}[ \\t][1-9]${END}|(?:grade|rating):[ \\t]?[1-9]${END})`,
    "iu",
  );
}

function placesOf(text: string, patterns: readonly RegExp[]): Place[] {
  return text.split("\n").flatMap((row, at) => {
    const match = patterns.map((pattern) => pattern.exec(row)).find((found) => found !== null);
    return match ? [[at + 1, lengthOf(row.slice(0, match.index) + match[0]) + 1] as const] : [];
  });
}

function escaped(word: string): string {
  return word.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
}
