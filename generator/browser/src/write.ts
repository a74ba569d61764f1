// The Write page: choose, write, seal, hand over. The draft stays on the page, nowhere else.

import { formatDate } from "./dates.ts";
import { button, el } from "./dom.ts";
import { renderSteps } from "./figures.ts";
import { placeFor, renderGuide } from "./closingguide.ts";
import { Handover } from "./handover.ts";
import { asProblem } from "./problems.ts";
import { RecordFields } from "./recordfields.ts";
import { openSteps, type Step } from "./reduce.ts";
import { renderRemarks, type Remark } from "./remarks.ts";
import { sealRecord } from "./sealrecord.ts";
import { SectionEditor, type Written } from "./sectioneditor.ts";
import { openForFigure } from "./sections.ts";
import type { Session } from "./session.ts";
import type { PageBlock } from "./shapes.ts";
import { readersOf, othersOf, sectionsOf, targetOf, type Target } from "./target.ts";
import { WriteChooser } from "./writechooser.ts";
import type { FieldForm, RecordForm, WriteDesk } from "./writingdesk.ts";

const HERE = "write";
/** The kind of a visit that praises and asks for nothing. */
const DROP_IN = "drop-in";
/** Where a cycle stands: asked where there is one, or where one begins. */
const PHASE = "phase";

/** What is being written: chosen above, and from then on the same until another is chosen. */
interface Subject {
  readonly target: Target;
  readonly form: RecordForm;
  readonly formName: string;
}

export class WritePage {
  readonly element = el("article", { class: "write" });
  readonly #chooser: WriteChooser;
  readonly #rest = el("div");
  readonly #parts = el("div");
  readonly #others = el("p", { class: "muted" });
  readonly #problems = el("div", { class: "write-problems", role: "alert" });
  #subject: Subject | undefined;
  #fields: RecordFields | undefined;
  #editors: readonly SectionEditor[] = [];
  #handover: Handover | undefined;
  /** Whether the faults were shown and may now be sealed with the rest. */
  #warned = "";

  constructor(
    private readonly desk: WriteDesk,
    private readonly session: Session,
    cycle = "",
  ) {
    this.#chooser = new WriteChooser(desk, {
      subject: () => this.#change(() => this.#fillRest()),
      day: (day) => this.#editors.forEach((editor) => editor.setDay(day)),
      draft: () => this.#change(() => this.#fillParts()),
    });
    const lead =
      "What you write is signed with your key and sealed on this device, for the people named under each heading. Nothing is kept until you take the sealed record with you.";
    this.element.append(
      el("h1", {}, desk.title),
      el("p", { class: "lead" }, lead),
      this.#chooser.element,
      this.#rest,
    );
    this.#fillRest();
    this.#beginClosing(cycle);
  }

  /** Goes to the first step of a cycle's close that the writer can take, if a link asked for it. */
  #beginClosing(cycle: string): void {
    const steps = this.desk.closings.find((one) => one.cycle === cycle)?.steps ?? [];
    const open = steps.filter(({ state }) => state === "open").map(({ kind }) => kind);
    const [place] = [...open, "close"].flatMap((kind) => placeFor(this.desk, cycle, kind) ?? []);
    if (place !== undefined) {
      this.#chooser.choose(place);
    } else if (cycle !== "") {
      this.#rest.prepend(el("p", { class: "notice" }, ...this.#elsewhere()));
    }
  }

  /** What is said of a cycle that this page can do nothing for, with the pages that may. */
  #elsewhere(): (string | HTMLElement)[] {
    const others = this.session.pages.filter(({ kind, path }) => kind === "write" && path !== HERE);
    const links = others.map(({ path, title }) => el("a", { href: `#/${path}` }, title));
    return ["There is no step here that you can take towards the close of that cycle. ", ...links];
  }

  /** Whether something would be lost: text that is not sealed, or a sealed record left behind. */
  get wouldLose(): boolean {
    return this.#handover === undefined ? this.#isWritten : !this.#handover.isTaken;
  }

  get #isWritten(): boolean {
    return this.#editors.some((editor) => editor.text !== "");
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

  #fillRest(): void {
    const { place, visited, form, formName } = this.#chooser.choice;
    this.#handover = undefined;
    this.#chooser.element.hidden = false;
    this.#problems.replaceChildren();
    if (place === undefined || form === undefined) {
      this.#subject = undefined;
      this.#editors = [];
      this.#rest.replaceChildren(el("p", { class: "empty" }, this.#chooser.nothing));
      return;
    }
    const before = this.#fields?.changed;
    this.#subject = { target: targetOf(place, visited), form, formName };
    const begun = form.fields
      .filter(({ name, required }) => name !== PHASE || required || place.links.has("cycle"))
      .map((field) => beginWith(field, place.prefilled));
    this.#fields = new RecordFields(begun, () => this.#fillParts());
    this.#fields.take(before ?? new Map());
    const seal = button("Seal", () => void this.#seal(), { class: "button primary large" });
    const last = el("section", { class: "card last-steps" });
    const guide = renderGuide(this.desk, place, (next, name) => this.#chooser.choose(next, name));
    this.#rest.replaceChildren(
      ...(guide === undefined ? [] : [guide]),
      this.#fields.element,
      last,
      this.#parts,
      this.#others,
      this.#problems,
      el("p", { class: "write-go" }, seal),
    );
    this.#parts.replaceChildren();
    this.#fillParts();
    void this.#fillLastSteps(last, place.lastSteps);
  }

  /** Shows the parts that the record has by now, with what was written in them and who reads. */
  #fillParts(): void {
    const subject = this.#subject;
    if (subject === undefined) {
      return;
    }
    const { target, form, formName } = subject;
    const values = this.#fields?.values ?? new Map();
    const shown = sectionsOf(target, form, formName, values).flatMap((section) => {
      const readers = readersOf(this.desk, target, section, this.#chooser.isDraft);
      return readers === undefined ? [] : [{ section, readers }];
    });
    const names = shown.map(({ section }) => section.name);
    const others = othersOf(target, form, formName, values);
    this.#others.textContent = `Written by somebody else: ${others.join(", ")}.`;
    this.#others.hidden = others.length === 0;
    const stays = this.#parts.childElementCount > 0 && sameNames(names, this.#editors);
    if (stays) {
      shown.forEach(({ readers }, at) => this.#editors[at]?.setReaders(readers));
      return;
    }
    const kept = new Map<string, Written>(this.#editors.map((one) => [one.name, one.soFar]));
    const surroundings = {
      day: this.#chooser.day,
      sections: form.sections.map(({ name }) => name),
      filled: () =>
        new Set(this.#editors.filter(({ text }) => text !== "").map(({ name }) => name)),
      around: target.place.around,
      isDropIn: () => this.#fields?.values.get("kind") === DROP_IN,
    };
    this.#editors = shown.map(
      ({ section, readers }) =>
        new SectionEditor(section, readers, surroundings, kept.get(section.name)),
    );
    this.#parts.replaceChildren(...this.#editors.map(({ element }) => element));
  }

  /** Shows what was left open last time; each step can be carried into the new record. */
  async #fillLastSteps(place: HTMLElement, lastSteps: readonly string[]): Promise<void> {
    place.hidden = true;
    const blocks = lastSteps
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

  async #seal(): Promise<void> {
    const subject = this.#subject;
    if (subject === undefined || !this.#mayGoOn()) {
      return;
    }
    try {
      const record = await sealRecord({
        ...subject,
        desk: this.desk,
        day: this.#chooser.day,
        isDraft: this.#chooser.isDraft,
        fields: this.#fields?.values ?? new Map(),
        sections: this.#editors.map((editor) => editor.written).filter(({ text }) => text !== ""),
        key: this.session.ownKey,
        now: new Date(),
        random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      });
      this.#handover = new Handover(record, this.desk.newFileUrl, () => this.#fillRestAnew());
      this.#chooser.element.hidden = true;
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
      ...this.#chooser.missing(),
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
    const target = this.#editors[0]?.target ?? this.#chooser.element;
    return this.#isWritten || this.#editors.length === 0
      ? []
      : [
          {
            words: "Nothing is written: the record would hold its date and the facts above.",
            target,
          },
        ];
  }
}

/** The field with the value that it begins with in this place, if it knows such a value. */
function beginWith(field: FieldForm, prefilled: ReadonlyMap<string, string>): FieldForm {
  const value = prefilled.get(field.name) ?? "";
  return field.choices.includes(value) ? { ...field, default: value } : field;
}

function sameNames(names: readonly string[], editors: readonly SectionEditor[]): boolean {
  return names.length === editors.length && editors.every(({ name }, at) => name === names[at]);
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
