// The buttons of a part that can leave the portal: "Copy for Word", "Governors' page".

import { button, el } from "./dom.ts";
import { downloadText } from "./download.ts";
import { GivenPart } from "./givenout.ts";
import type { Session } from "./session.ts";
import { sheetFile, sheetForWord, sheetText } from "./sheet.ts";
import { TAKEN, type Taken } from "./tables.ts";

/** Settles when everything sealed on the page has been opened. */
export type Ready = () => Promise<void>;

/** Fills the places that a page leaves for the tools of its sheet. */
export function enableSheets(root: ParentNode, session: Session, ready: Ready): void {
  const sheet = root.querySelector<HTMLElement>("[data-sheet]");
  const place = root.querySelector<HTMLElement>("[data-sheet-tools]");
  if (sheet !== null && place !== null) {
    const given = new GivenPart(sheet, session.reader.id);
    place.replaceChildren(...new SheetTools(sheet, given, ready).make(place));
  }
}

class SheetTools {
  readonly #said = el("p", { class: "sheet-said", role: "status" });
  readonly #filed = el("div", { class: "sheet-filed" });

  constructor(
    private readonly sheet: HTMLElement,
    private readonly given: GivenPart,
    private readonly ready: Ready,
  ) {}

  make(place: HTMLElement): HTMLElement[] {
    const wanted = (place.dataset["sheetTools"] ?? "").split(" ");
    const statements = this.#statements();
    this.sheet.addEventListener(TAKEN, (event) => this.#tookTable(event));
    const buttons = [
      ...(wanted.includes("publish")
        ? [button("Governors' page", () => void this.#publish(), { class: "button primary" })]
        : []),
      ...(wanted.includes("copy")
        ? [button("Copy for Word", () => void this.#copy(), { class: "button" })]
        : []),
    ];
    return [...statements, el("p", { class: "buttons" }, ...buttons), this.#said, this.#filed];
  }

  /** A tick that adds the statements; without it they stay out of what is given out. */
  #statements(): HTMLElement[] {
    const part = this.sheet.querySelector<HTMLElement>('[data-optional="statements"]');
    if (part === null) {
      return [];
    }
    const tick = el("input", { type: "checkbox", id: "sheet-statements" });
    part.hidden = true;
    tick.addEventListener("change", () => {
      part.hidden = !tick.checked;
    });
    const label = el("label", { for: tick.id }, "Add the impact statements in full");
    return [el("p", { class: "sheet-choice" }, tick, " ", label)];
  }

  async #copy(): Promise<void> {
    await this.#opened();
    const html = sheetForWord(this.sheet);
    const text = sheetText(this.sheet);
    try {
      await navigator.clipboard.write([
        new ClipboardItem({
          "text/html": new Blob([html], { type: "text/html" }),
          "text/plain": new Blob([text], { type: "text/plain" }),
        }),
      ]);
      this.#say("Copied. Paste it into a document; tables stay tables.");
    } catch {
      window.getSelection()?.selectAllChildren(this.sheet);
      this.#say("This browser does not let the page copy. It is selected: press Ctrl and C.");
    }
    this.#filed.replaceChildren(this.given.ask(text));
  }

  /** A table of the sheet as CSV leaves the portal as the sheet does. */
  #tookTable(event: Event): void {
    const { text } = (event as CustomEvent<Taken>).detail;
    this.#say("A table of this page is in your downloads.");
    this.#filed.replaceChildren(this.given.ask(text));
  }

  /** Makes the file and the record that says so; only then is either offered. */
  async #publish(): Promise<void> {
    await this.#opened();
    const { title = "", file = "page" } = this.sheet.dataset;
    const page = sheetFile(this.sheet, title);
    const record = this.given.record(page, "governors");
    downloadText(`${file}.html`, "text/html", page);
    this.#say("The page is in your downloads. Now file the record that it was given out.");
    this.#filed.replaceChildren(...this.given.offer(record));
  }

  async #opened(): Promise<void> {
    this.#say("Opening what is sealed…");
    await this.ready();
  }

  #say(words: string): void {
    this.#said.textContent = words;
  }
}
