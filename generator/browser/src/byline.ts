// Who wrote a section, in the words that stand under it.

import { formatDate } from "./dates.ts";
import { el } from "./dom.ts";
import type { Authorship, Fault, Signers } from "./signatures.ts";

const REASONS: Readonly<Record<Fault, string>> = {
  "unknown-key": "it is by a key that is not known as one of {name}",
  "not-this": "it was made for something else, or this was changed afterwards",
  replaced: "it was made with a key that {name} had replaced by then",
  left: "it was made after {name} had left",
  "another-hand": "{name} signed what is sealed here, and somebody else the text in it",
  "nobody-inside": "{name} signed what is sealed here, and nobody the text in it",
};
/** Of somebody whom the page does not name, such as the author of a statement among others. */
const UNNAMED = "its author";

/** One sentence, or two where something is to be done. */
export function bylineOf(authorship: Authorship, signers: Signers): string {
  const { state, person, written, sealed, fault } = authorship;
  const name = signers.get(person)?.name ?? "";
  if (fault !== undefined) {
    const reason = REASONS[fault].replace("{name}", () => name || UNNAMED);
    return `The signature does not match: ${reason}. Ask ${name || UNNAMED} before you rely on this.`;
  }
  if (state === "unsigned") {
    return "Not signed.";
  }
  if (name === "") {
    return "Signed by its author.";
  }
  const day = formatDate(written.slice(0, 10));
  return written === sealed
    ? `Sealed by ${name} on ${day}.`
    : `Written by ${name} on ${day}, and sealed again on ${formatDate(sealed.slice(0, 10))}.`;
}

export function renderByline(authorship: Authorship, signers: Signers): HTMLElement {
  const { state } = authorship;
  const words = bylineOf(authorship, signers);
  return el("p", { class: state === "mismatch" ? "byline notice" : "byline" }, words);
}

/**
 * Says below a note what each of its sections says alike, as with its readers.
 *
 * One that did not open, or whose signature is false, leaves every section its own.
 */
export function sayOnce(note: Element): void {
  const places = [...note.querySelectorAll<HTMLElement>(":scope > .sealed > [data-sealed]")];
  const lines = places.map((place) => place.querySelector(":scope > .byline:not(.notice)"));
  const [first] = lines;
  if (first && lines.every((line) => line?.textContent === first.textContent)) {
    const below = el("div", { "data-author": places[0]?.dataset["author"] ?? "" });
    note.querySelector(":scope > .readers")?.before(below);
    below.append(first);
    lines.forEach((line) => line !== first && line?.remove());
  }
}
