// The list of pages: mine, then by school, then by role; folded away on a phone.

import { button, el } from "./dom.ts";
import type { OpenPage, Session } from "./session.ts";

const FIRST_KINDS = ["me", "write"];
/** Pages that other pages lead to, and that are too many for a list. */
const UNLISTED_KINDS = ["visit", "earlier"];
/** Pages of which a role may see sixty; they stand after the others and fold away. */
const FOLDED_KINDS = ["cycle", "pair"];
const FOLDED_FROM = 6;

export interface MenuGroup {
  /** The heading, empty for the pages that stand first. */
  readonly name: string;
  readonly pages: readonly OpenPage[];
}

/** Me and Write without a heading, then each group in the order it first appears. */
export function groupPages(pages: readonly OpenPage[]): MenuGroup[] {
  const first = FIRST_KINDS.flatMap((kind) => pages.filter((page) => page.kind === kind));
  const groups = new Map<string, OpenPage[]>([["", first]]);
  const listed = pages.filter((one) => !UNLISTED_KINDS.includes(one.kind));
  for (const page of listed.filter((one) => !first.includes(one))) {
    const name = page.role || page.group;
    groups.set(name, [...(groups.get(name) ?? []), page]);
  }
  return [...groups].map(([name, members]) => ({ name, pages: members }));
}

export class Menu {
  constructor(
    private readonly root: HTMLElement,
    private readonly toggle: HTMLButtonElement,
    private readonly print: () => void,
  ) {
    toggle.addEventListener("click", () => this.#fold(!this.root.classList.contains("open")));
  }

  show(session: Session): void {
    this.root.replaceChildren(...groupPages(session.pages).map(renderGroup), this.#tools());
    this.root.querySelector("ul")?.append(linkTo("find", "Find"));
    this.#fold(false);
  }

  clear(): void {
    this.root.replaceChildren();
  }

  /** Marks the page that is open and folds the list on a phone. */
  mark(path: string): void {
    for (const link of this.root.querySelectorAll("a")) {
      link.removeAttribute("aria-current");
      if (link.getAttribute("href") === `#/${path}`) {
        link.setAttribute("aria-current", "page");
        link.closest("details")?.setAttribute("open", "");
        this.#reveal(link);
      }
    }
    this.#fold(false);
  }

  /** Brings a page into sight in a list that is longer than the window. */
  #reveal(link: Element): void {
    const list = this.root.getBoundingClientRect();
    const entry = link.getBoundingClientRect();
    if (entry.top < list.top || entry.bottom > list.bottom) {
      this.root.scrollTop += entry.top - list.top - list.height / 2;
    }
  }

  #tools(): HTMLElement {
    return el(
      "p",
      { class: "page-tools" },
      button("Print this page", this.print, { class: "button quiet" }),
    );
  }

  #fold(open: boolean): void {
    this.root.classList.toggle("open", open);
    this.toggle.setAttribute("aria-expanded", String(open));
  }
}

/** Fills the place that a page leaves for those of its reader's pages that come by a role. */
export function fillRolePages(root: ParentNode, pages: readonly OpenPage[]): void {
  const groups = groupPages(pages.filter(({ role }) => role !== "")).filter(hasPages);
  for (const place of root.querySelectorAll<HTMLElement>("[data-role-pages]")) {
    place.replaceChildren(...(groups.length > 0 ? groups.map(renderCard) : [noRole()]));
  }
}

/** What somebody is told whom no role lets see anything. */
function noRole(): HTMLElement {
  return el(
    "p",
    { class: "empty" },
    "You hold no role that opens a page either. Whoever leads coaching at your school can tell " +
      "you how to take part.",
  );
}

function hasPages(group: MenuGroup): boolean {
  return group.pages.length > 0;
}

function renderCard(group: MenuGroup): HTMLElement {
  const [shown, folded] = fold(group.pages);
  return el(
    "section",
    { class: "card" },
    el("h2", {}, group.name),
    ...(shown.length > 0 ? [renderList(shown, "plain-list")] : []),
    ...(folded.length > 0 ? [renderFold(folded, "plain-list")] : []),
  );
}

function renderGroup(group: MenuGroup, place: number): HTMLElement {
  const [shown, folded] = fold(group.pages);
  const box = el("div", { class: "page-group" });
  const lists = [
    ...(shown.length > 0 ? [renderList(shown)] : []),
    ...(folded.length > 0 ? [renderFold(folded)] : []),
  ];
  if (group.name !== "") {
    const id = `page-group-${place}`;
    lists[0]?.setAttribute("aria-labelledby", id);
    box.append(el("h2", { id }, group.name));
  }
  box.append(...lists);
  return box;
}

/** What stands open, and the long list of cycles and pairs that does not. */
export function fold(pages: readonly OpenPage[]): [readonly OpenPage[], readonly OpenPage[]] {
  const long = pages.filter(({ kind }) => FOLDED_KINDS.includes(kind));
  const others = pages.filter((one) => !long.includes(one));
  return long.length < FOLDED_FROM ? [[...others, ...long], []] : [others, long];
}

function renderFold(pages: readonly OpenPage[], look = ""): HTMLElement {
  const summary = el("summary", {}, `Cycles and pairs (${pages.length})`);
  return el("details", {}, summary, renderList(pages, look));
}

function renderList(pages: readonly OpenPage[], look = ""): HTMLElement {
  return el(
    "ul",
    look === "" ? {} : { class: look },
    ...pages.map(({ path, title }) => linkTo(path, title)),
  );
}

function linkTo(path: string, title: string): HTMLElement {
  return el("li", {}, el("a", { href: `#/${path}` }, title));
}
