// Tables that people sort, filter and take along as CSV; each becomes so when its page is shown.

import { toCsv } from "./csv.ts";
import { button, el } from "./dom.ts";
import { downloadText } from "./download.ts";
import { matches, sortedPlaces, sortKey, type Direction } from "./rowsort.ts";

const FILTER_FROM = 8;
const CHOOSE_FROM = 6;
/** How many rows stand open at first: on a wide screen, and on a phone, where each is a block. */
const SHOWN_AT_FIRST = 100;
const SHOWN_ON_A_PHONE = 20;
const PHONE_WIDTH = 640;
const HARDLY_MORE = 2;

/** Told where a table stands when its rows were taken along, with the file's text. */
export const TAKEN = "coachbook-taken";

export interface Taken {
  readonly text: string;
}

/** Gives every table below `root` that asks for it its sort buttons, filter and download. */
export function enhanceTables(root: ParentNode): void {
  for (const block of root.querySelectorAll<HTMLElement>("[data-table]")) {
    const table = block.querySelector("table");
    const tools = block.querySelector<HTMLElement>("[data-table-tools]");
    if (table !== null && tools !== null) {
      new DataTable(block, table, tools);
    }
  }
}

class DataTable {
  readonly #name: string;
  readonly #body: HTMLTableSectionElement | null;
  readonly #heads: readonly HTMLTableCellElement[];
  /** The rows in the order in which the page brought them. */
  readonly #rows: readonly HTMLTableRowElement[];
  readonly #found = el("p", { class: "table-found", role: "status" });
  readonly #choices: readonly Choice[];
  #order: readonly HTMLTableRowElement[];
  #typed = "";
  #limit: number;
  #matching: readonly HTMLTableRowElement[];

  constructor(
    block: HTMLElement,
    private readonly table: HTMLTableElement,
    tools: HTMLElement,
  ) {
    this.#name = block.dataset["table"] || "table";
    this.#body = table.tBodies[0] ?? null;
    this.#heads = [...(table.tHead?.rows[0]?.cells ?? [])];
    this.#rows = [...(this.#body?.rows ?? [])];
    this.#order = this.#rows;
    this.#matching = this.#rows;
    this.#limit = shownAtFirst(block.dataset["first"], this.#rows.length);
    this.#choices =
      this.#rows.length < CHOOSE_FROM
        ? []
        : this.#heads.flatMap((head, column) =>
            head.hasAttribute("data-choose") ? [this.#choice(head, column)] : [],
          );
    this.#addSortButtons();
    tools.append(...this.#tools(block.dataset["filter"]), this.#found);
    this.#show();
  }

  #tools(wanted: string | undefined): HTMLElement[] {
    const filters = wanted === "yes" || (wanted !== "no" && this.#rows.length >= FILTER_FROM);
    return [
      ...(filters ? [this.#filter()] : []),
      ...this.#choices.map(({ field }) => field),
      ...(this.#rows.length > 1 ? [this.#sortChoice()] : []),
      button("Download as CSV", () => this.#download(), { class: "button small table-take" }),
    ];
  }

  #filter(): HTMLElement {
    const input = el("input", { type: "search", id: `${this.#name}-filter`, autocomplete: "off" });
    input.addEventListener("input", () => {
      this.#typed = input.value.trim();
      this.#show();
    });
    return field("Filter", input);
  }

  #choice(head: HTMLTableCellElement, column: number): Choice {
    const label = cellText(head);
    const values = new Set(this.#rows.map((row) => cellText(row.cells[column])));
    const select = el("select", { id: `${this.#name}-choice-${column}` }, option("", "All"));
    const known = [...values].filter((value) => value !== "");
    for (const place of sortedPlaces(known, "ascending")) {
      select.append(option(known[place] ?? "", known[place] ?? ""));
    }
    select.addEventListener("change", () => this.#show());
    return { column, select, field: field(label, select) };
  }

  #addSortButtons(): void {
    if (this.#rows.length < 2) {
      return;
    }
    for (const [column, head] of this.#heads.entries()) {
      const label = cellText(head);
      head.replaceChildren(button(label, () => this.#turn(column), { class: "sort" }));
    }
  }

  /** Where the headings are folded away, the order is chosen from a list. */
  #sortChoice(): HTMLElement {
    const select = el("select", { id: `${this.#name}-sort` }, option("", "Usual order"));
    for (const [column, head] of this.#heads.entries()) {
      select.append(option(`${column} ascending`, `${cellText(head)}, rising`));
      select.append(option(`${column} descending`, `${cellText(head)}, falling`));
    }
    select.addEventListener("change", () => {
      const [column = "", direction] = select.value.split(" ");
      this.#sort(
        column === "" ? undefined : Number(column),
        direction === "descending" ? direction : "ascending",
      );
    });
    const chosen = field("Sort by", select);
    chosen.classList.add("sort-choice");
    return chosen;
  }

  /** Rising at first, then falling. */
  #turn(column: number): void {
    const rising = this.#heads[column]?.getAttribute("aria-sort") === "ascending";
    this.#sort(column, rising ? "descending" : "ascending");
  }

  #sort(column: number | undefined, direction: Direction): void {
    for (const [place, head] of this.#heads.entries()) {
      if (place === column) {
        head.setAttribute("aria-sort", direction);
      } else {
        head.removeAttribute("aria-sort");
      }
    }
    this.#order = column === undefined ? this.#rows : this.#sorted(column, direction);
    this.#body?.append(...this.#order);
    this.#show();
  }

  #sorted(column: number, direction: Direction): readonly HTMLTableRowElement[] {
    const isNumber = this.#heads[column]?.dataset["kind"] === "number";
    const keys = this.#rows.map(({ cells }) => {
      const stated = cells[column]?.getAttribute("data-sort") ?? null;
      return sortKey(cellText(cells[column]), stated, isNumber);
    });
    return sortedPlaces(keys, direction).flatMap((place) => this.#rows[place] ?? []);
  }

  /**
   * Shows the rows that match, as many as there is room for, and says how many they are.
   * Those that come later are there all the same: paper has room for all.
   */
  #show(): void {
    this.#matching = this.#order.filter((row) => this.#lets(row));
    const shown = new Set(this.#matching.slice(0, this.#limit));
    const matching = new Set(this.#matching);
    for (const row of this.#rows) {
      row.hidden = !matching.has(row);
      row.classList.toggle("later", !shown.has(row));
    }
    const more = this.#matching.length - shown.size;
    const narrowed = this.#matching.length < this.#rows.length;
    const words = more > 0 ? `The first ${shown.size} of` : "";
    const of = narrowed ? `${this.#matching.length} of ${this.#rows.length}` : this.#rows.length;
    this.#found.replaceChildren(more > 0 || narrowed ? `${words} ${of} rows. `.trimStart() : "");
    if (more > 0) {
      this.#found.append(button(`Show the other ${more}`, () => this.#all(), LINK));
    }
  }

  #all(): void {
    this.#limit = Infinity;
    this.#show();
  }

  #lets(row: HTMLTableRowElement): boolean {
    return (
      (this.#typed === "" || matches(rowText(row), this.#typed)) &&
      this.#choices.every(
        ({ column, select }) => select.value === "" || select.value === cellText(row.cells[column]),
      )
    );
  }

  /** Takes along the rows that match, in the order in which they stand. */
  #download(): void {
    const foot = [...(this.table.tFoot?.rows ?? [])];
    const rows = [...this.#matching, ...(this.#matching.length < this.#rows.length ? [] : foot)];
    const head = this.#heads.map((cell) => cellText(cell));
    const text = toCsv([head, ...rows.map((row) => [...row.cells].map((cell) => cellText(cell)))]);
    downloadText(`${this.#name}.csv`, "text/csv;charset=utf-8", text);
    this.#found.textContent = `${this.#matching.length} rows are in your downloads. The file is not sealed, so keep it as you would keep this page.`;
    const detail: Taken = { text };
    this.table.dispatchEvent(new CustomEvent(TAKEN, { bubbles: true, detail }));
  }
}

/** As many rows as the page asks for, half of them on a phone; two more are not worth a press. */
function shownAtFirst(asked: string | undefined, rows: number): number {
  const isPhone = window.innerWidth < PHONE_WIDTH;
  if (asked === undefined) {
    return isPhone ? SHOWN_ON_A_PHONE : SHOWN_AT_FIRST;
  }
  const limit = isPhone ? Math.ceil(Number(asked) / 2) : Number(asked);
  return rows <= limit + HARDLY_MORE ? rows : limit;
}

interface Choice {
  readonly column: number;
  readonly select: HTMLSelectElement;
  readonly field: HTMLElement;
}

const LINK = { class: "linklike" };

function field(label: string, input: HTMLInputElement | HTMLSelectElement): HTMLElement {
  return el("p", { class: "field" }, el("label", { for: input.id }, label), input);
}

function option(value: string, words: string): HTMLOptionElement {
  return el("option", { value }, words);
}

/** What a cell says: drawings and signs that only decorate are left out, as a dash for nothing. */
function cellText(cell: HTMLElement | undefined): string {
  const copy = cell?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) {
    return "";
  }
  for (const part of copy.querySelectorAll("[aria-hidden=true], .nothing, svg")) {
    part.remove();
  }
  return oneLine(copy.textContent);
}

function rowText(row: HTMLTableRowElement): string {
  return [...row.cells].map((cell) => cellText(cell)).join(" ");
}

function oneLine(text: string | null): string {
  return (text ?? "").replace(/\s+/gu, " ").trim();
}
