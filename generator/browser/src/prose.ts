// What running text may give away: a pupil, a colleague, a grade, safeguarding. Twin of forms/prose.py.

import { grades, nextSteps } from "./dropins.ts";
import { faultOf, inOrder, lengthOf, type TextFault } from "./faults.ts";
import { pupilNames } from "./pupilnames.ts";
import { fold, phraseBook, phraseLength, tokensOf, type PhraseBook, type Token } from "./tokens.ts";
import { LISTS } from "./wordlists.ts";

/** What the records know that a text may speak of. */
export interface Around {
  /** Names as they are written, in full and as people are called. */
  readonly people: readonly string[];
  /** The names of schools. */
  readonly places: readonly string[];
  /** Where the school's own safeguarding form is. */
  readonly route: string;
  /** The words of the scales on the school's forms. */
  readonly grades: readonly string[];
}

type Lint = (text: string, words: readonly Token[], around: Around) => TextFault[];

const INITIALS = /(^|[^A-Za-z.])([A-Z]\. ?[A-Z](?:\. ?[A-Z])?)(?![A-Za-z])/gu;
const REACH = 3;
const JUDGEMENTS = phraseBook(LISTS.judgements);
const SAFEGUARDING = phraseBook(LISTS.safeguarding);
const HARMS = phraseBook(LISTS.harms);
const HOMES = phraseBook(LISTS.homes);

/** What the lints of a section find in its text, in the order of the text. */
export function checkProse(text: string, lints: readonly string[], around: Around): TextFault[] {
  const words = tokensOf(text);
  return lints.flatMap((lint) => LINTS.get(lint)?.(text, words, around) ?? []).sort(inOrder);
}

const LINTS: ReadonlyMap<string, Lint> = new Map<string, Lint>([
  ["pupils", findPupils],
  ["identity", findIdentity],
  ["judgement", findJudgement],
  ["safeguarding", findSafeguarding],
  ["steps", findSteps],
  ["grades", findGrades],
]);

function findPupils(_text: string, words: readonly Token[], around: Around): TextFault[] {
  const known = wordsOf([...around.people, ...around.places]);
  return pupilNames(words, known).map(({ line, column }) => faultOf("pupil-name", line, column));
}

function findIdentity(text: string, words: readonly Token[], around: Around): TextFault[] {
  const [persons, initials] = [wordsOf(around.people), initialsOf(around.people)];
  const told = new Set<string>();
  const faults: TextFault[] = [];
  for (const [at, word] of words.entries()) {
    if (!told.has(word.folded) && identifies(words, at, persons)) {
      told.add(word.folded);
      faults.push(faultOf("identity-name", word.line, word.column));
    } else if (isUpper(word.text) && initials.has(word.text.toLowerCase())) {
      faults.push(faultOf("identity-initials", word.line, word.column));
    }
  }
  for (const [at, row] of text.split("\n").entries()) {
    faults.push(...initialsIn(row).map((column) => faultOf("identity-initials", at + 1, column)));
  }
  return faults;
}

/** The columns of initials with full stops, such as "W.A.", that are no acronym. */
function initialsIn(row: string): number[] {
  const columns: number[] = [];
  let [column, end] = [1, 0];
  for (const match of row.matchAll(INITIALS)) {
    const [, before = "", letters = ""] = match;
    const start = match.index + before.length;
    column += lengthOf(row.slice(end, start));
    end = start;
    if (!LISTS.acronyms.has(letters.replace(/[. ]/gu, "").toLowerCase())) {
      columns.push(column);
    }
  }
  return columns;
}

function isUpper(word: string): boolean {
  return word === word.toUpperCase() && word !== word.toLowerCase();
}

/** True for a name of the records, and for whatever follows "Mrs". */
function identifies(words: readonly Token[], at: number, persons: ReadonlySet<string>): boolean {
  const word = words[at];
  if (word === undefined || !word.capital || [...word.text].length === 1) {
    return false;
  }
  const before = word.close || word.gap === ". " ? words[at - 1]?.folded : undefined;
  if (before !== undefined && LISTS.honorifics.has(before)) {
    return true;
  }
  if (![word.folded, ...word.folded.split("-")].some((part) => persons.has(part))) {
    return false;
  }
  return !(word.fresh && (LISTS.never.has(word.folded) || LISTS.sometimes.has(word.folded)));
}

/** The initials of people, in small letters; a name in one word has none. */
function initialsOf(people: readonly string[]): Set<string> {
  const split = people.map((name) => fold(name).replaceAll("-", " ").split(/\s+/u));
  const full = split.filter((words) => words.length > 1);
  const short = full.map((words) => [words[0] ?? "", words.at(-1) ?? ""]);
  const made = [...full, ...short].map((words) => words.map((word) => word[0] ?? "").join(""));
  return new Set(made.filter((letters) => !LISTS.acronyms.has(letters)));
}

function findJudgement(_text: string, words: readonly Token[]): TextFault[] {
  const faults: TextFault[] = [];
  let at = 0;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    const length = phraseLength(words, at, JUDGEMENTS);
    if (length > 0 || LISTS.gradesigns.has(word.text)) {
      faults.push(faultOf("judgement", word.line, word.column));
    }
    at += Math.max(length, 1);
  }
  return faults;
}

/** The first place alone: the whole text does not belong here. */
function findSafeguarding(_text: string, words: readonly Token[], around: Around): TextFault[] {
  const homes = new Set(placesOf(words, HOMES).map((at) => words[at]?.sentence));
  const harms = placesOf(words, HARMS).filter((at) => homes.has(words[at]?.sentence));
  const plain = placesOf(words, SAFEGUARDING).filter((at) => !isDenied(words, at));
  const first = words[Math.min(...harms, ...plain)];
  const rule = around.route === "" ? "safeguarding" : "safeguarding-routed";
  return first === undefined
    ? []
    : [faultOf(rule, first.line, first.column, { route: around.route })];
}

function findSteps(text: string): TextFault[] {
  return nextSteps(text).map((place) => faultOf("step-in-a-drop-in", ...place));
}

function findGrades(text: string, _words: readonly Token[], around: Around): TextFault[] {
  return grades(text, around.grades).map((place) => faultOf("grade-in-a-drop-in", ...place));
}

/** True where "no" or "not a" stands shortly before, in the same sentence. */
function isDenied(words: readonly Token[], at: number): boolean {
  const { sentence } = words[at] ?? {};
  const before = words.slice(Math.max(0, at - REACH), at);
  return before.some((word) => LISTS.denials.has(word.folded) && word.sentence === sentence);
}

function placesOf(words: readonly Token[], book: PhraseBook): number[] {
  return words.flatMap((_, at) => (phraseLength(words, at, book) > 0 ? [at] : []));
}

function wordsOf(names: readonly string[]): Set<string> {
  const words = names.flatMap((name) => fold(name).split(/\s+/u));
  return new Set([...words, ...words.flatMap((word) => word.split("-"))]);
}
