// What to write about, on which form, on which day, and whether it is shared or a draft.

import { el } from "./dom.ts";
import type { Remark } from "./remarks.ts";
import type { RecordForm, Visited, WriteDesk, WritePlace } from "./writingdesk.ts";

/** The headings of the list, by kind of place. */
const GROUPS: readonly (readonly [heading: string, kinds: readonly string[]])[] = [
  ["Cycles", ["cycle"]],
  ["Pairs and groups", ["partnership", "group"]],
  ["Visits", ["visit"]],
  ["Goals and needs", ["beside"]],
  ["Impact statements", ["statement"]],
  ["Closing and going on", ["close", "next"]],
  ["Notes to add to", ["note"]],
];

export interface Choice {
  readonly place: WritePlace | undefined;
  readonly visited: Visited | undefined;
  readonly form: RecordForm | undefined;
  /** The form as records name it, such as `coaching-session@1`. */
  readonly formName: string;
}

interface Listeners {
  readonly subject: () => void;
  readonly day: (day: string) => void;
  readonly draft: () => void;
}

export class WriteChooser {
  readonly element = el("div", { class: "write-choice" });
  readonly #place = el("select", { id: "write-place" });
  readonly #visited = el("select", { id: "write-visited" });
  readonly #form = el("select", { id: "write-form" });
  readonly #date = el("input", { id: "write-date", type: "date", required: true });
  readonly #note = el(
    "select",
    { id: "write-note" },
    el("option", { value: "shared" }, "Share it now"),
    el("option", { value: "draft" }, "Keep it as a draft"),
  );

  constructor(
    private readonly desk: WriteDesk,
    private readonly listeners: Listeners,
  ) {
    this.#place.append(...this.#options());
    this.#date.value = desk.today;
    this.#place.addEventListener("change", () => {
      this.#fillPlace();
      listeners.subject();
    });
    this.#form.addEventListener("change", () => {
      this.#showNote();
      listeners.subject();
    });
    this.#visited.addEventListener("change", listeners.subject);
    this.#note.addEventListener("change", listeners.draft);
    this.#date.addEventListener("change", () => listeners.day(this.day));
    this.element.append(
      field("About", this.#place),
      field("Whom you visited", this.#visited),
      field("Form", this.#form),
      field("Date", this.#date),
      field("This note", this.#note),
    );
    this.#fillPlace();
  }

  get choice(): Choice {
    const place = this.#chosen;
    const formName = this.#form.value;
    const needsPerson = (place?.people.length ?? 0) > 0;
    const visited = place?.people.find(({ id }) => id === this.#visited.value);
    const form = this.desk.forms.get(`${place?.school ?? ""}/${formName}`);
    return {
      place,
      visited,
      form: needsPerson && visited === undefined ? undefined : form,
      formName,
    };
  }

  /** Chooses a place as if it were picked from the list, and the form of that name if it has it. */
  choose(place: WritePlace, form = ""): void {
    this.#place.value = String(this.desk.places.indexOf(place));
    this.#fillPlace();
    if (form !== "" && [...this.#form.options].some(({ value }) => value === form)) {
      this.#form.value = form;
    }
    this.listeners.subject();
  }

  get day(): string {
    return this.#date.value;
  }

  get isDraft(): boolean {
    return this.#note.value === "draft" && this.#mayBeDraft;
  }

  /** Why there is nothing to write in yet. */
  get nothing(): string {
    return (this.#chosen?.people.length ?? 0) > 0
      ? "Choose whom you visited: that decides who can read what you write."
      : "There is no form for this.";
  }

  missing(): Remark[] {
    return this.day === "" ? [{ words: "The date is missing.", target: this.#date }] : [];
  }

  get #chosen(): WritePlace | undefined {
    return this.desk.places[Number(this.#place.value)];
  }

  get #mayBeDraft(): boolean {
    return this.choice.form?.life === true && this.#chosen?.draft !== undefined;
  }

  #options(): HTMLElement[] {
    const known = [...this.desk.places.entries()];
    const groups = GROUPS.map(([heading, kinds]) => {
      const options = known
        .filter(([, { kind }]) => kinds.includes(kind))
        .map(([at, { label }]) => el("option", { value: String(at) }, label));
      return { heading, options };
    }).filter(({ options }) => options.length > 0);
    return groups.length === 1
      ? groups.flatMap(({ options }) => options)
      : groups.map(({ heading, options }) => el("optgroup", { label: heading }, ...options));
  }

  /** Offers the forms of the place, and the people whom it can be about. */
  #fillPlace(): void {
    const place = this.#chosen;
    const names = [...(place?.forms.keys() ?? [])];
    const people = place?.people ?? [];
    this.#form.replaceChildren(
      ...names.map((name) =>
        el("option", { value: name }, this.#titleOf(`${place?.school ?? ""}/${name}`, name)),
      ),
    );
    this.#visited.replaceChildren(
      el("option", { value: "" }, "Choose a person"),
      ...people.map(({ id, label }) => el("option", { value: id }, label)),
    );
    show(this.#form, names.length > 1);
    show(this.#visited, people.length > 0);
    this.#showNote();
  }

  #showNote(): void {
    const form = this.desk.forms.get(`${this.#chosen?.school ?? ""}/${this.#form.value}`);
    show(this.#note, form?.life === true && this.#chosen?.draft !== undefined);
  }

  #titleOf(key: string, name: string): string {
    return this.desk.forms.get(key)?.title ?? name;
  }
}

function field(label: string, input: HTMLElement): HTMLElement {
  return el("p", { class: "field" }, el("label", { for: input.id }, label), input);
}

function show(input: HTMLElement, shown: boolean): void {
  input.closest("p")?.toggleAttribute("hidden", !shown);
}
