// The page for finding things: words in, places out, all of it on this device.

import { button, el } from "./dom.ts";
import type { Progress } from "./gather.ts";
import type { Hit, SearchIndex } from "./search.ts";
import { excerpt } from "./words.ts";

const SHOWN_AT_ONCE = 30;
const AGAIN_MS = 400;

/** What is asked for, kept while the reader looks at a result and comes back. */
export interface Question {
  words: string;
  shown: number;
}

export class FindPage {
  readonly element = el("section", { class: "find" });
  readonly #input = el("input", {
    id: "find-words",
    type: "search",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    "aria-describedby": "find-help",
  });
  readonly #state = el("p", { class: "find-state muted", role: "status" });
  readonly #results = el("ol", { class: "find-results" });
  readonly #more = button("Show more", () => this.#showMore(), { class: "button" });
  #progress: Progress;
  #asked = 0;

  constructor(
    private readonly index: SearchIndex,
    private readonly question: Question,
    progress: Progress,
  ) {
    this.#progress = progress;
    this.#input.value = question.words;
    this.#input.addEventListener("input", () => this.#ask());
    const form = el("form", { role: "search", class: "find-form" }, ...this.#field());
    form.addEventListener("submit", (event) => event.preventDefault());
    this.element.append(el("h1", {}, "Find"), form, this.#state, this.#results, this.#more);
    this.#answer();
  }

  focus(): void {
    this.#input.focus();
  }

  /** More has been read, or all of it. */
  advance(progress: Progress): void {
    const isDone = progress.read === progress.all;
    this.#progress = progress;
    if (isDone || performance.now() - this.#asked > AGAIN_MS) {
      this.#answer();
    }
  }

  #field(): HTMLElement[] {
    return [
      el("label", { for: "find-words" }, "Words to look for"),
      this.#input,
      el(
        "p",
        { class: "help", id: "find-help" },
        "Looks through every page and note that you can open. It happens on this device: your words are neither sent nor kept.",
      ),
    ];
  }

  #ask(): void {
    this.question.words = this.#input.value;
    this.question.shown = SHOWN_AT_ONCE;
    this.#answer();
  }

  #showMore(): void {
    const first = this.#results.children.length;
    this.question.shown += SHOWN_AT_ONCE;
    this.#answer();
    this.#results.children[first]?.querySelector("a")?.focus();
  }

  #answer(): void {
    this.#asked = performance.now();
    const words = this.question.words.trim();
    this.#state.dataset["read"] = this.#progress.read < this.#progress.all ? "some" : "all";
    const hits = words === "" ? [] : this.index.find(words);
    this.#say(`${foundWords(words, hits.length)} ${describeProgress(this.#progress)}`.trim());
    this.#results.replaceChildren(...hits.slice(0, this.question.shown).map(renderHit));
    this.#more.hidden = hits.length <= this.question.shown;
  }

  /** Says it aloud only when it differs. */
  #say(words: string): void {
    if (this.#state.textContent !== words) {
      this.#state.textContent = words;
    }
  }
}

function foundWords(words: string, count: number): string {
  if (words === "") {
    return "Type a name, a topic or something that was said.";
  }
  if (count === 0) {
    return "Nothing has all these words. Try fewer of them, or only the beginning of one.";
  }
  return count === 1 ? "1 place found." : `${count} places found.`;
}

/** How far the reading has come, and what was left out. */
export function describeProgress({ read, all, shut, failed }: Progress): string {
  const parts = read < all ? [`Still reading: ${read} of ${all} pages.`] : [];
  if (shut > 0) {
    parts.push(
      shut === 1
        ? "1 section is sealed for other readers and is not searched."
        : `${shut} sections are sealed for other readers and are not searched.`,
    );
  }
  if (failed > 0) {
    parts.push(`${failed} ${failed === 1 ? "page" : "pages"} did not open.`);
  }
  return parts.join(" ");
}

function renderHit({ piece, words }: Hit): HTMLElement {
  const where = [piece.section, piece.day].filter((part) => part !== "").join(", ");
  const marked = excerpt(piece.text, words).map(({ text, found }) =>
    found ? el("mark", {}, text) : text,
  );
  return el(
    "li",
    { class: "find-hit" },
    el("a", { href: piece.address }, piece.title, where === "" ? "" : `: ${where}`),
    el("p", {}, ...marked),
  );
}
