// What leaves the portal for people who cannot open it, and the offer to put that on record.

import { declassification, type ClearRecord } from "./declassify.ts";
import { button, el } from "./dom.ts";
import { downloadText } from "./download.ts";
import { newFileLink, type Random } from "./newrecord.ts";

const RANDOM: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** For whom something can be given out, as the form of the record has it, and in words. */
const RECEIVERS: Readonly<Record<string, string>> = {
  governors: "the governors",
  trust: "the trust",
  inspectors: "inspectors",
  "appropriate-body": "the appropriate body",
  staff: "the staff",
  other: "others",
};

/** The figures of a part, as the page lists them for the record; none on most pages. */
function figuresOf(part: HTMLElement): string[] {
  const listed: unknown = JSON.parse(part.dataset["figures"] ?? "[]");
  return Array.isArray(listed) ? listed.map(String) : [];
}

/** How often was asked so far: each question has a field of its own. */
let asked = 0;

/** A part of a page that is made to be given out; its attributes say what it is. */
export class GivenPart {
  constructor(
    private readonly part: HTMLElement,
    private readonly by: string,
  ) {}

  /** The record that `file`, made of this part, was given out. */
  record(file: string, forWhom: string): ClearRecord {
    const { gives = "other", school = "", day = "", from = "", to = "" } = this.part.dataset;
    const { least = "0", place = "" } = this.part.dataset;
    const given = { what: gives, forWhom, school, day, from, to, by: this.by, file };
    const counted = {
      least: Number(least),
      statements: this.#statements(),
      figures: figuresOf(this.part),
    };
    return declassification({ ...given, ...counted }, place, RANDOM);
  }

  /** Asks, folded up, whether somebody gets `file` who cannot open the page. */
  ask(file: string): HTMLElement {
    const { forWhom = "governors" } = this.part.dataset;
    const choices = Object.entries(RECEIVERS).map(([value, words]) =>
      el("option", { value, selected: value === forWhom }, words),
    );
    asked += 1;
    const choice = el("select", { id: `given-for-${asked}` }, ...choices);
    const offered = el("div");
    const make = button(
      "Make the record",
      () => offered.replaceChildren(...this.offer(this.record(file, choice.value))),
      { class: "button" },
    );
    return el(
      "details",
      { class: "given" },
      el("summary", {}, "Is it for somebody who cannot open this page? Put that on record."),
      el(
        "p",
        { class: "muted" },
        "The record says what was given out, for whom, when and by whom, and no word of a note. For your own work none is needed.",
      ),
      el("p", { class: "field" }, el("label", { for: choice.id }, "For"), choice),
      el("p", { class: "buttons" }, make),
      offered,
    );
  }

  /** The record, where it goes and the ways to get it there. */
  offer(record: ClearRecord): HTMLElement[] {
    const name = record.path.slice(record.path.lastIndexOf("/") + 1);
    const said = el("p", { role: "status" });
    const take = button("Download the record", () => {
      downloadText(name, "text/markdown", record.text);
      said.textContent = "The record is in your downloads. Send it to whoever keeps the records.";
    });
    take.className = "button";
    return [
      el("p", {}, "It goes to ", el("code", {}, record.path)),
      el("p", { class: "buttons" }, take, ...this.#host(record)),
      said,
      el("pre", { tabindex: "0" }, record.text),
    ];
  }

  #host(record: ClearRecord): HTMLElement[] {
    const { newFile = "" } = this.part.dataset;
    if (!/^https:\/\//u.test(newFile)) {
      return [];
    }
    const { href } = newFileLink(newFile, record.path, record.text);
    const attributes = { class: "button", href, target: "_blank", rel: "noopener noreferrer" };
    return [el("a", attributes, "Open the git host's new-file page")];
  }

  /** How many impact statements go along in full. */
  #statements(): number {
    const all = [...this.part.querySelectorAll("[data-statement]")];
    return all.filter((statement) => statement.closest("[hidden]") === null).length;
  }
}
