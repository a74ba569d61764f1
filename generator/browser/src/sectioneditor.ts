// One section being written: its lines, its text, who will read it, and what may have slipped.

import { formatDate } from "./dates.ts";
import { el, button } from "./dom.ts";
import { layoutFaults } from "./layout.ts";
import type { Remark } from "./remarks.ts";
import type { WrittenSection } from "./sealrecord.ts";
import { REQUIRED_RULE, parseSection, type ParsedText, type TextFault } from "./textrules.ts";
import type { LineForm, SectionForm, SectionReaders } from "./writingdesk.ts";

const PAUSE_MS = 500;

export class SectionEditor {
  readonly element = el("section", { class: "card section-editor" });
  readonly #area: HTMLTextAreaElement;
  readonly #lines: ReadonlyMap<LineForm, HTMLInputElement | HTMLSelectElement>;
  readonly #remarks: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly form: SectionForm,
    private readonly readers: SectionReaders,
    /** The names of all sections of the record's form. */
    private readonly sections: readonly string[],
    private day: string,
    text: string,
  ) {
    const id = idOf(form.name);
    this.#area = el("textarea", {
      id,
      rows: "5",
      spellcheck: "true",
      autocomplete: "off",
      "aria-describedby": `${id}-readers ${id}-prompt`,
    });
    this.#area.value = text;
    this.#area.addEventListener("input", () => this.#later());
    this.#lines = new Map(form.lines.map((line) => [line, this.#makeLine(line)]));
    this.#remarks = el("div", { class: "remarks", role: "status" });
    this.element.append(...this.#parts(id));
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

  get written(): WrittenSection {
    const { name } = this.form;
    return { name, text: this.text, data: this.#parse().data, readers: this.readers };
  }

  setDay(day: string): void {
    this.day = day;
    this.#check();
  }

  /** Adds a line at the end, and puts the cursor there. */
  addLine(line: string): void {
    const before = this.#area.value.trimEnd();
    this.#area.value = `${before}${before === "" ? "" : "\n"}${line}\n`;
    this.#area.focus();
    this.#area.setSelectionRange(this.#area.value.length, this.#area.value.length);
    this.#check();
  }

  /** What the form requires and is not there, and what would not stay in this section. */
  missing(): Remark[] {
    const strays = layoutFaults(this.text, this.sections).map((fault) => this.#remark(fault));
    return [...this.#faults((fault) => fault.code === REQUIRED_RULE), ...strays];
  }

  /** What may have slipped; it can be sealed all the same. */
  slips(): Remark[] {
    return this.#faults((fault) => fault.code !== REQUIRED_RULE);
  }

  #parts(id: string): HTMLElement[] {
    const { name, prompt, required } = this.form;
    const label = el("label", { for: id }, name);
    if (required) {
      label.append(" ", el("span", { class: "needed" }, "(needed)"));
    }
    const lines = [...this.#lines].map(([line, input]) =>
      el("p", { class: "field" }, el("label", { for: input.id }, line.name), input),
    );
    return [
      el("h2", {}, label),
      el("p", { class: "readers", id: `${id}-readers` }, this.readers.line),
      el("p", { class: "prompt", id: `${id}-prompt` }, prompt),
      ...(lines.length > 0 ? [el("div", { class: "field-grid" }, ...lines)] : []),
      this.#area,
      ...(this.form.steps ? [this.#stepHelper(id)] : []),
      this.#remarks,
    ];
  }

  #makeLine(line: LineForm): HTMLInputElement | HTMLSelectElement {
    const input =
      line.choices.length > 0
        ? el(
            "select",
            {},
            ...["", ...line.choices].map((choice) =>
              el("option", { value: choice }, choice || "–"),
            ),
          )
        : el("input", { type: line.type === "date" ? "date" : "text" });
    input.id = idOf(`${this.form.name} ${line.name}`);
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
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), PAUSE_MS);
  }

  /** Says what may have slipped while one writes; what is missing is said at sealing. */
  #check(): void {
    const slips = this.text === "" ? [] : this.slips();
    const items = slips.map(({ words }) => el("li", {}, words));
    this.#remarks.replaceChildren(...(items.length > 0 ? [el("ul", {}, ...items)] : []));
  }

  #parse(): ParsedText {
    return parseSection(this.text, this.form, this.day);
  }

  #faults(chosen: (fault: TextFault) => boolean): Remark[] {
    return this.#parse()
      .faults.filter(chosen)
      .map((fault) => this.#remark(fault));
  }

  /** Lines are counted in the text area, which begins behind the section's own lines. */
  #remark({ line, message }: { line: number; message: string }): Remark {
    const before = this.#head === "" ? 0 : this.#head.split("\n").length + 1;
    const place = line > before ? `, line ${line - before}` : "";
    return { words: `${this.name}${place}: ${message}.`, target: this.#area };
  }
}

function idOf(name: string): string {
  return `section-${name.toLowerCase().replace(/[^a-z0-9]+/gu, "-")}`;
}
