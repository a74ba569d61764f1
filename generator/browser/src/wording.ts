// The words of a form as people read them.

/** What is said letter by letter; the printed form has the same. */
const SPELT = /\b(?:cpd|ect|eyfs|inset|ks[1-5]|slt)\b/gu;

/** A choice as the printed form has it: "ect-mentoring" is "ECT mentoring". */
export function choiceWords(choice: string): string {
  const words = lineWords(choice);
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** A choice within a line of text: "part-met" is "part met"; "n/a" and "drop-in" stay so. */
export function lineWords(choice: string): string {
  return choice.replaceAll(/-(?!in\b)/gu, " ").replace(SPELT, (short) => short.toUpperCase());
}
