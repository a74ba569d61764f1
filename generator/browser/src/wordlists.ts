// The words that the rules for running text know. Twin of forms/wordlists.py.

import raw from "../../coachbook/_text_lists.json";

function words(rows: readonly string[]): ReadonlySet<string> {
  return new Set(rows.join(" ").split(" "));
}

/** The phrases; one that has the part becomes as many as there are words for it. */
function filled(phrases: readonly string[], part: string, parts: readonly string[]): string[] {
  return phrases.flatMap((phrase) =>
    phrase.includes(part) ? parts.map((word) => phrase.replace(part, word)) : [phrase],
  );
}

const ordinary = words([
  ...raw.ordinary,
  ...raw.starters,
  ...raw.titles,
  ...raw.leads,
  ...raw.acronyms,
]);

export const LISTS = {
  names: words(raw.names),
  sometimes: words(raw.sometimes),
  titles: words(raw.titles),
  honorifics: words(raw.honorifics),
  places: words(raw.places),
  ordinals: words(raw.ordinals),
  articles: words(raw.articles),
  between: words(raw.between),
  verbs: words(raw.verbs),
  weakverbs: words(raw.weakverbs),
  leads: words(raw.leads),
  acronyms: words(raw.acronyms),
  /** Words with a capital that are no names: days, subjects, what sentences begin with. */
  never: ordinary,
  leadpairs: new Set(raw.leadpairs),
  denials: words(raw.denials),
  endings: raw.endings,
  grades: raw.grades,
  gradesigns: new Set(raw.gradesigns),
  phrases: raw.phrases,
  judgements: filled(raw.judgements, "{grade}", raw.grades),
  safeguarding: filled(raw.safeguarding, "{parent}", raw.parents),
  harms: raw.harms,
  homes: raw.homes,
  folds: new Map(Object.entries(raw.folds)),
};
