// One section being written: its lines, its text, who will read it, and what may have slipped.

import { formatDate } from "./dates.ts";
import { el, button } from "./dom.ts";
import { REFUSED, type TextFault } from "./faults.ts";
import { layoutFaults } from "./layout.ts";
import { checkProse, type Around } from "./prose.ts";
import type { Remark } from "./remarks.ts";
import type { WrittenSection } from "./sealrecord.ts";
import { countWords, parseSection, type ParsedText } from "./textrules.ts";
import { lineWords } from "./wording.ts";
import type { LineForm, SectionForm, SectionReaders } from "./writingdesk.ts";

const PAUSE_MS = 500;

/** What the section stands in: the record's date, its other sections, what the records know. */
export interface Surroundings {
  readonly day: string;
  /** The names of all sections of the record's form. */
  readonly sections: readonly string[];
  /** The names of the sections in which something stands. */
  readonly filled: () => ReadonlySet<string>;
  readonly around: Around;
  /** Whether what is written is about a drop-in, as the fields of the record say by now. */
  readonly isDropIn: () => boolean;
}

/** What was written in a section so far. */
export interface Written {
  readonly lines: ReadonlyMap<string, string>;
  readonly body: string;
}

export class SectionEditor {
  readonly element = el("section", { class: "card section-editor" });
  readonly #area: HTMLTextAreaElement;
  readonly #lines: ReadonlyMap<LineForm, HTMLInputElement | HTMLSelectElement>;
  readonly #readers = el("p", { class: "readers" });
  readonly #count = el("p", { class: "help" });
  readonly #remarks: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly form: SectionForm,
    private readers: SectionReaders,
    private surroundings: Surroundings,
    before: Written | undefined,
  ) {
    const id = idOf(form.name);
    this.#readers.id = `${id}-readers`;
    this.#area = el("textarea", {
      id,
      rows: form.lines.length > 2 ? "2" : "5",
      spellcheck: "true",
      autocomplete: "off",
      "aria-describedby": `${id}-readers ${id}-prompt`,
    });
    this.#area.value = before?.body ?? "";
    this.#area.addEventListener("input", () => this.#later());
    this.#lines = new Map(form.lines.map((line) => [line, this.#makeLine(line)]));
    for (const [line, input] of this.#lines) {
      input.value = before?.lines.get(line.name) ?? "";
    }
    this.#remarks = el("div", { class: "remarks", role: "status" });
    this.element.append(...this.#parts(id));
    this.setReaders(readers);
    this.#tellCount();
  }

  get name(): string {
    return this.form.name;
  }

  get takesSteps(): boolean {
    return this.form.steps;
  }

  /** Where the cursor goes to mend something. */
  get target(): HTMLElement {
    return this.#area;
  }

  /** The section's whole text: its lines first, then what was written. */
  get text(): string {
    const body = this.#area.value.replace(/\r\n?/gu, "\n").trim();
    return [this.#head, body].filter((part) => part !== "").join("\n\n");
  }

  get #head(): string {
    const lines = [...this.#lines].filter(([, input]) => input.value.trim() !== "");
    return lines.map(([line, input]) => `${line.name}: ${input.value.trim()}`).join("\n");
  }

  /** What stands in it, to be taken over into another form. */
  get soFar(): Written {
    const lines = [...this.#lines].map(([line, input]) => [line.name, input.value] as const);
    return { lines: new Map(lines), body: this.#area.value };
  }

  get written(): WrittenSection {
    const { name } = this.form;
    return { name, text: this.text, data: this.#parse().data, readers: this.readers };
  }

  setDay(day: string): void {
    this.surroundings = { ...this.surroundings, day };
    this.#check();
  }

  setReaders(readers: SectionReaders): void {
    this.readers = readers;
    this.#readers.textContent = readers.line;
  }

  /** Adds a line at the end, and puts the cursor there. */
  addLine(line: string): void {
    const before = this.#area.value.trimEnd();
    this.#area.value = `${before}${before === "" ? "" : "\n"}${line}\n`;
    this.#area.focus();
    this.#area.setSelectionRange(this.#area.value.length, this.#area.value.length);
    this.#check();
  }

  /** What the form requires and is not there, and what must not stand or would not stay here. */
  missing(): Remark[] {
    const strays = layoutFaults(this.text, this.surroundings.sections).map((fault) =>
      this.#remark(fault),
    );
    return [...this.#faults((fault) => REFUSED.includes(fault.code)), ...strays];
  }

  /** What may have slipped; it can be sealed all the same. */
  slips(): Remark[] {
    return this.#faults((fault) => !REFUSED.includes(fault.code));
  }

  #parts(id: string): HTMLElement[] {
    const { name, author, prompt, required } = this.form;
    const label = el("label", { for: id }, name);
    if (required) {
      label.append(" ", el("span", { class: "needed" }, "(needed)"));
    }
    const lines = [...this.#lines].map(([line, input]) => lineField(line, input));
    return [
      el("h2", {}, label),
      this.#readers,
      el("p", { class: "prompt", id: `${id}-prompt` }, `${author} ${plainPrompt(prompt)}`.trim()),
      ...(lines.length > 0
        ? [
            el("div", { class: "field-grid" }, ...lines),
            // For the eye alone: the heading is the label of the free text.
            el("p", { class: "own-words", "aria-hidden": "true" }, "In your own words"),
          ]
        : []),
      this.#area,
      ...(this.form.words > 0 ? [this.#count] : []),
      ...(this.form.steps ? [this.#stepHelper(id)] : []),
      this.#remarks,
    ];
  }

  #makeLine(line: LineForm): HTMLInputElement | HTMLSelectElement {
    const id = idOf(`${this.form.name} ${line.name}`);
    const input = lineInput(line, `${id}-words`);
    input.id = id;
    input.addEventListener("input", () => this.#later());
    return input;
  }

  /** A small form for one action step: what, and by when. */
  #stepHelper(id: string): HTMLElement {
    const what = el("input", { type: "text", id: `${id}-step` });
    const due = el("input", { type: "date", id: `${id}-due` });
    const add = (): void => {
      if (what.value.trim() !== "") {
        const by = due.value === "" ? "" : ` (by ${formatDate(due.value)})`;
        this.addLine(`- [ ] ${what.value.trim()}${by}`);
        what.value = "";
        due.value = "";
        what.focus();
      }
    };
    what.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        add();
      }
    });
    return el(
      "div",
      { class: "step-helper", role: "group", "aria-label": "Add an action step" },
      el("p", { class: "field wide" }, el("label", { for: what.id }, "Action step"), what),
      el("p", { class: "field" }, el("label", { for: due.id }, "By"), due),
      button("Add step", add, { class: "button" }),
    );
  }

  #later(): void {
    this.#tellCount();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), PAUSE_MS);
  }

  #tellCount(): void {
    if (this.form.words > 0) {
      this.#count.textContent = `${countWords(this.text)} of at most ${this.form.words} words`;
    }
  }

  /** Says what may have slipped or must not stay while one writes; what is missing waits. */
  #check(): void {
    const found = this.text === "" ? [] : [...this.missing(), ...this.slips()];
    const items = found.map(({ words }) => el("li", {}, words));
    this.#remarks.replaceChildren(...(items.length > 0 ? [el("ul", {}, ...items)] : []));
  }

  #parse(): ParsedText {
    const { day, filled, around, isDropIn } = this.surroundings;
    const { data, faults } = parseSection(this.text, this.form, day, filled());
    const lints = isDropIn() ? this.form.dropInLints : this.form.lints;
    return { data, faults: [...faults, ...checkProse(this.text, lints, around)] };
  }

  #faults(chosen: (fault: TextFault) => boolean): Remark[] {
    return this.#parse()
      .faults.filter(chosen)
      .map((fault) => this.#remark(fault));
  }

  /** Lines are counted in the text area, which begins behind the section's own lines. */
  #remark(fault: { line: number; column?: number; message: string; hint?: string }): Remark {
    const before = this.#head === "" ? 0 : this.#head.split("\n").length + 1;
    const row = fault.line - before;
    const start = offsetOf(this.#area.value.trimStart(), row, fault.column ?? 1);
    const lead = this.#area.value.length - this.#area.value.trimStart().length;
    const place = row > 0 ? `, line ${row}` : "";
    const hint = fault.hint === undefined || fault.hint === "" ? "" : ` (${fault.hint})`;
    return {
      words: `${this.name}${place}: ${fault.message}${hint}.`,
      target: this.#area,
      ...(row > 0 ? { at: lead + start } : {}),
    };
  }
}

const LINE_INPUTS: Readonly<Record<string, string>> = { date: "date", integer: "number" };

/** One of the line's words is chosen; beside a list of the trust, words of one's own can stand. */
function lineInput(line: LineForm, words: string): HTMLInputElement | HTMLSelectElement {
  const choices = line.type === "boolean" ? ["yes", "no"] : line.choices;
  if (choices.length === 0 || line.type === "text") {
    const list = choices.length > 0 && { list: words };
    return el("input", { type: LINE_INPUTS[line.type] ?? "text", ...list });
  }
  const options = choices.map((choice) => el("option", { value: choice }, lineWords(choice)));
  return el("select", {}, el("option", { value: "" }, "–"), ...options);
}

function lineField(line: LineForm, input: HTMLInputElement | HTMLSelectElement): HTMLElement {
  const wide = line.type === "text" ? "field wide" : "field";
  const label = el("label", { for: input.id }, line.name);
  if (line.required) {
    label.append(" ", el("span", { class: "needed" }, "(needed)"));
  }
  const field = el("p", { class: wide }, label, input);
  const listed = input.getAttribute("list");
  if (listed !== null) {
    const options = line.choices.map((value) => el("option", { value }));
    field.append(el("datalist", { id: listed }, ...options));
  }
  if (line.help !== "") {
    input.setAttribute("aria-describedby", `${input.id}-help`);
    field.append(el("span", { class: "help", id: `${input.id}-help` }, line.help));
  }
  return field;
}

/** The prompt without the way a step is typed: here, a step has fields of its own. */
function plainPrompt(prompt: string): string {
  return prompt.replace(/[:,]?\s*- \[ \].*$/su, ".");
}

/** Where a row and column stand in the text of a field, in code units. */
function offsetOf(text: string, row: number, column: number): number {
  const rows = text.split("\n");
  const above = rows.slice(0, Math.max(0, row - 1)).reduce((sum, one) => sum + one.length + 1, 0);
  return above + [...(rows[row - 1] ?? "")].slice(0, column - 1).join("").length;
}

function idOf(name: string): string {
  return `section-${name.toLowerCase().replace(/[^a-z0-9]+/gu, "-")}`;
}
