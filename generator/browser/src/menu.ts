// The list of pages: mine, then by school, then by role; folded away on a phone.

import { button, el } from "./dom.ts";
import type { OpenPage, Session } from "./session.ts";

const FIRST_KINDS = ["me", "write"];
/** Pages that other pages lead to, and that are too many for a list. */
const UNLISTED_KINDS = ["visit"];

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
      }
    }
    this.#fold(false);
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
    place.replaceChildren(...groups.map(renderCard));
  }
}

function hasPages(group: MenuGroup): boolean {
  return group.pages.length > 0;
}

function renderCard(group: MenuGroup): HTMLElement {
  const items = group.pages.map((page) =>
    el("li", {}, el("a", { href: `#/${page.path}` }, page.title)),
  );
  return el(
    "section",
    { class: "card" },
    el("h2", {}, group.name),
    el("ul", { class: "plain-list" }, ...items),
  );
}

function renderGroup(group: MenuGroup, place: number): HTMLElement {
  const items = group.pages.map((page) =>
    el("li", {}, el("a", { href: `#/${page.path}` }, page.title)),
  );
  const list = el("ul", {}, ...items);
  if (group.name === "") {
    return el("div", { class: "page-group" }, list);
  }
  const id = `page-group-${place}`;
  list.setAttribute("aria-labelledby", id);
  return el("div", { class: "page-group" }, el("h2", { id }, group.name), list);
}
