// The Write page: choose, write, seal, hand over. The draft stays on the page, nowhere else.

import { formatDate } from "./dates.ts";
import { button, el } from "./dom.ts";
import { renderSteps } from "./figures.ts";
import { Handover } from "./handover.ts";
import { asProblem } from "./problems.ts";
import { RecordFields } from "./recordfields.ts";
import { openSteps, type Step } from "./reduce.ts";
import { renderRemarks, type Remark } from "./remarks.ts";
import { sealRecord } from "./sealrecord.ts";
import { SectionEditor } from "./sectioneditor.ts";
import { openForFigure } from "./sections.ts";
import type { Session } from "./session.ts";
import type { PageBlock } from "./shapes.ts";
import type { RecordForm, WriteCycle, WriteDesk } from "./writingdesk.ts";

export class WritePage {
  readonly element = el("article", { class: "write" });
  readonly #cycle = el("select", { id: "write-cycle" });
  readonly #form = el("select", { id: "write-form" });
  readonly #date = el("input", { id: "write-date", type: "date", required: true });
  readonly #choice = el("div", { class: "write-choice" });
  readonly #rest = el("div");
  readonly #problems = el("div", { class: "write-problems", role: "alert" });
  #fields: RecordFields | undefined;
  #editors: readonly SectionEditor[] = [];
  #handover: Handover | undefined;
  /** Whether the faults were shown and may now be sealed with the rest. */
  #warned = "";

  constructor(
    private readonly desk: WriteDesk,
    private readonly session: Session,
  ) {
    this.element.append(el("h1", {}, desk.title), ...this.#chooser());
    this.#fillForms();
  }

  /** Whether something would be lost: text that is not sealed, or a sealed record left behind. */
  get wouldLose(): boolean {
    return this.#handover === undefined ? this.#isWritten : !this.#handover.isTaken;
  }

  get #isWritten(): boolean {
    return this.#editors.some((editor) => editor.text !== "");
  }

  get #chosenCycle(): WriteCycle {
    const cycle =
      this.desk.cycles.find(({ id }) => id === this.#cycle.value) ?? this.desk.cycles[0];
    if (cycle === undefined) {
      throw new Error("a Write page has at least one cycle");
    }
    return cycle;
  }

  #chooser(): Node[] {
    if (this.desk.cycles.length === 0) {
      return [
        el(
          "p",
          { class: "empty" },
          "You are in no open cycle, so there is nothing to write in yet.",
        ),
      ];
    }
    this.#cycle.append(
      ...this.desk.cycles.map(({ id, label }) => el("option", { value: id }, label)),
    );
    this.#cycle.addEventListener("change", () => this.#change(() => this.#fillForms()));
    this.#form.addEventListener("change", () => this.#change(() => this.#fillRest()));
    this.#date.value = this.desk.today;
    this.#date.addEventListener("change", () =>
      this.#editors.forEach((editor) => editor.setDay(this.#date.value)),
    );
    this.#choice.append(
      field("Cycle", this.#cycle),
      field("Form", this.#form),
      field("Date", this.#date),
    );
    const lead =
      "What you write is sealed on this device, for the people named under each heading. Nothing is kept until you take the sealed record with you.";
    return [el("p", { class: "lead" }, lead), this.#choice, this.#rest];
  }

  /** Keeps what is written, and says that others may read it now. */
  #change(fill: () => void): void {
    const written = this.#isWritten;
    fill();
    if (written) {
      const words =
        "What you have written is still here. Look under each heading: other people may read it now.";
      this.#problems.replaceChildren(el("p", { class: "notice" }, words));
    }
  }

  /** Offers the cycle's forms, and starts the first. */
  #fillForms(): void {
    if (this.desk.cycles.length === 0) {
      return;
    }
    const names = this.#chosenCycle.forms.filter((name) => this.desk.forms.has(name));
    this.#form.replaceChildren(
      ...names.map((name) =>
        el("option", { value: name }, this.desk.forms.get(name)?.title ?? name),
      ),
    );
    this.#form.closest("p")?.toggleAttribute("hidden", names.length < 2);
    this.#fillRest();
  }

  #fillRest(): void {
    const cycle = this.#chosenCycle;
    const form = this.desk.forms.get(this.#form.value);
    this.#handover = undefined;
    this.#choice.hidden = false;
    if (form === undefined) {
      this.#editors = [];
      this.#rest.replaceChildren(el("p", { class: "empty" }, "There is no form for this cycle."));
      return;
    }
    const kept = new Map(this.#editors.map((editor) => [editor.name, editor.text]));
    this.#fields = new RecordFields(form.fields);
    this.#editors = this.#makeEditors(cycle, form, kept);
    const seal = button("Seal", () => void this.#seal(cycle, form), {
      class: "button primary large",
    });
    const last = el("section", { class: "card last-steps" });
    this.#rest.replaceChildren(
      this.#fields.element,
      last,
      ...this.#editors.map((editor) => editor.element),
      this.#problems,
      el("p", { class: "write-go" }, seal),
    );
    this.#problems.replaceChildren();
    void this.#fillLastSteps(last, cycle);
  }

  #makeEditors(
    cycle: WriteCycle,
    form: RecordForm,
    kept: ReadonlyMap<string, string>,
  ): SectionEditor[] {
    const readers = cycle.sections.get(this.#form.value);
    const names = form.sections.map(({ name }) => name);
    return form.sections.flatMap((section) => {
      const known = readers?.get(section.name);
      return known === undefined
        ? []
        : [
            new SectionEditor(
              section,
              known,
              names,
              this.#date.value,
              kept.get(section.name) ?? "",
            ),
          ];
    });
  }

  /** Shows what was left open last time; each step can be carried into the new record. */
  async #fillLastSteps(place: HTMLElement, cycle: WriteCycle): Promise<void> {
    place.hidden = true;
    const blocks = cycle.lastSteps
      .map((id) => this.desk.blocks.get(id))
      .filter((block): block is PageBlock => block !== undefined);
    const opened = (
      await Promise.all(blocks.map((block) => openForFigure(this.session, block)))
    ).flat();
    const steps = openSteps(opened.map(({ datum }) => datum));
    const target = this.#editors.find((editor) => editor.takesSteps);
    if (steps.length === 0 || !place.isConnected) {
      return;
    }
    const list = renderSteps(steps, this.desk.today);
    steps.forEach((step, at) => list.children[at]?.append(...carryButtons(step, target)));
    place.replaceChildren(el("h2", {}, "Still open from last time"), list);
    place.hidden = false;
  }

  async #seal(cycle: WriteCycle, form: RecordForm): Promise<void> {
    if (!this.#mayGoOn()) {
      return;
    }
    try {
      const record = await sealRecord({
        desk: this.desk,
        cycle,
        form,
        formName: this.#form.value,
        day: this.#date.value,
        fields: this.#fields?.values ?? new Map(),
        sections: this.#editors.map((editor) => editor.written).filter(({ text }) => text !== ""),
        now: new Date(),
        random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      });
      this.#handover = new Handover(record, this.desk.newFileUrl, () => this.#fillRestAnew());
      this.#choice.hidden = true;
      this.#rest.replaceChildren(this.#handover.element);
      this.#handover.focus();
    } catch (error) {
      this.#problems.replaceChildren(el("p", { class: "notice" }, asProblem(error).sentence));
    }
  }

  #fillRestAnew(): void {
    this.#editors = [];
    this.#fillRest();
  }

  /** Names what is missing or may have slipped. What may have slipped is sealed on the second press. */
  #mayGoOn(): boolean {
    const missing = [
      ...(this.#date.value === ""
        ? [{ words: "The date is missing.", target: this.#date as HTMLElement }]
        : []),
      ...(this.#fields?.missing() ?? []),
      ...this.#editors.flatMap((editor) => editor.missing()),
    ];
    const slips = [...this.#nothingWritten(), ...this.#editors.flatMap((editor) => editor.slips())];
    const key = slips.map(({ words }) => words).join("\n");
    const listed = missing.length > 0 ? missing : key === this.#warned ? [] : slips;
    this.#warned = missing.length > 0 ? "" : key;
    const title =
      missing.length > 0
        ? "Before this can be sealed"
        : "Is this as you mean it? Press Seal again if it is.";
    this.#problems.replaceChildren(...(listed.length > 0 ? [renderRemarks(title, listed)] : []));
    return listed.length === 0;
  }

  /** A session that is planned or was missed has nothing to tell; any other is asked about. */
  #nothingWritten(): Remark[] {
    const target = this.#editors[0]?.target ?? this.#date;
    return this.#isWritten
      ? []
      : [
          {
            words: "Nothing is written: the record would hold its date and the facts above.",
            target,
          },
        ];
  }
}

function field(label: string, input: HTMLElement): HTMLElement {
  return el("p", { class: "field" }, el("label", { for: input.id }, label), input);
}

function carryButtons(step: Step, target: SectionEditor | undefined): Node[] {
  if (target === undefined) {
    return [];
  }
  // With its year: a day alone would be read as the next such day.
  const due = step.due === "" ? "" : ` (by ${formatDate(step.due)})`;
  const insert = (mark: string) => () => target.addLine(`- [${mark}] ${step.text}${due}`);
  return [
    el(
      "span",
      { class: "carry" },
      button("Done", insert("x"), { class: "button small", "aria-label": `Done: ${step.text}` }),
      " ",
      button("Carry forward", insert(" "), {
        class: "button small",
        "aria-label": `Carry forward: ${step.text}`,
      }),
    ),
  ];
}
