// The clear fields of a record as inputs, and their values as the header has them.

import { el } from "./dom.ts";
import type { HeaderValue } from "./newrecord.ts";
import type { Remark } from "./remarks.ts";
import { choiceWords } from "./wording.ts";
import type { FieldForm } from "./writingdesk.ts";

/** So many fields stand open; the rest, unless it is asked for, waits under "More". */
const IN_VIEW = 4;
const INPUT_TYPES: Readonly<Record<string, string>> = {
  integer: "number",
  number: "number",
  date: "date",
  time: "time",
  month: "month",
};

type Input = HTMLInputElement | HTMLSelectElement;

export class RecordFields {
  readonly element = el("div", { class: "record-fields" });
  readonly #inputs = new Map<FieldForm, Input>();

  constructor(fields: readonly FieldForm[], changed: () => void) {
    this.element.addEventListener("change", changed);
    const shown = fields.filter((form, place) => form.required || form.inView || place < IN_VIEW);
    const folded = fields.filter((form) => !shown.includes(form));
    this.element.append(
      el("div", { class: "field-grid" }, ...shown.map((form) => this.#add(form))),
    );
    if (folded.length > 0) {
      const rest = el("div", { class: "field-grid" }, ...folded.map((form) => this.#add(form)));
      this.element.append(el("details", {}, el("summary", {}, "More about it"), rest));
    }
    this.element.append(el("p", { class: "readers clear-note" }, CLEAR_NOTE));
  }

  /** What was filled in, in the order of the form. */
  get values(): Map<string, HeaderValue> {
    const filled = [...this.#inputs].filter(([, input]) => input.value !== "");
    return new Map(filled.map(([form, input]) => [form.name, valueOf(form, input)]));
  }

  /** What was filled in by hand; the rest is what each form begins with. */
  get changed(): Map<string, HeaderValue> {
    const filled = [...this.#inputs].filter(([form, input]) => input.value !== form.default);
    return new Map(filled.map(([form, input]) => [form.name, valueOf(form, input)]));
  }

  missing(): Remark[] {
    return [...this.#inputs].flatMap(([form, target]) => {
      const words = problemOf(form, target);
      return words === "" ? [] : [{ words, target }];
    });
  }

  /** Keeps what was filled in, where the other form has the same field and knows the value. */
  take(values: ReadonlyMap<string, HeaderValue>): void {
    for (const [form, input] of this.#inputs) {
      const value = values.get(form.name);
      const text = typeof value === "boolean" ? (value ? "yes" : "no") : String(value ?? "");
      const fits =
        !(input instanceof HTMLSelectElement) ||
        [...input.options].some((option) => option.value === text);
      if (value !== undefined && !form.many && fits) {
        input.value = text;
      }
    }
  }

  #add(form: FieldForm): HTMLElement {
    const input = makeInput(form);
    input.id = `field-${form.name}`;
    input.required = form.required;
    this.#inputs.set(form, input);
    const label = el("label", { for: input.id }, form.label);
    if (form.required) {
      label.append(" ", el("span", { class: "needed" }, "(needed)"));
    }
    const wrapper = el("p", { class: "field" }, label, input);
    if (form.help !== "") {
      input.setAttribute("aria-describedby", `${input.id}-help`);
      wrapper.append(el("span", { class: "help", id: `${input.id}-help` }, form.help));
    }
    return wrapper;
  }
}

const CLEAR_NOTE =
  "These few facts stay readable for everyone who holds the records; what you write below is sealed.";

function makeInput(form: FieldForm): Input {
  if (form.type === "choice" || form.type === "boolean") {
    const choices = form.type === "boolean" ? ["yes", "no"] : form.choices;
    const blank =
      form.many || (form.required && form.default !== "") ? [] : [el("option", { value: "" }, "–")];
    const select = el(
      "select",
      {},
      ...blank,
      ...choices.map((choice) => el("option", { value: choice }, choiceWords(choice))),
    );
    select.multiple = form.many;
    select.value = form.default;
    return select;
  }
  const input = el("input", { type: INPUT_TYPES[form.type] ?? "text", value: form.default });
  if (form.type === "integer") {
    input.step = "1";
    input.min = String(form.min ?? 0);
    input.max = form.max === undefined ? "" : String(form.max);
    input.inputMode = "numeric";
  }
  return input;
}

/** Why a field cannot stay as it is, or "". */
function problemOf(form: FieldForm, input: Input): string {
  const { rangeOverflow, rangeUnderflow, valueMissing, valid } = input.validity;
  if (valueMissing) {
    return `${form.label} is missing.`;
  }
  if (rangeOverflow) {
    return `${form.label}: ${form.max ?? ""} is the most.`;
  }
  if (rangeUnderflow) {
    return `${form.label}: ${form.min ?? 0} is the least.`;
  }
  return valid ? "" : `${form.label} does not fit.`;
}

function valueOf(form: FieldForm, input: Input): HeaderValue {
  if (form.many) {
    return input instanceof HTMLSelectElement
      ? [...input.selectedOptions].map(({ value }) => value)
      : input.value.split(",").flatMap((part) => part.trim() || []);
  }
  if (form.type === "boolean") {
    return input.value === "yes";
  }
  return ["integer", "number"].includes(form.type) ? Number(input.value) : input.value;
}
