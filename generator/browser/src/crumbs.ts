// The way back: which pages lead to the one that is shown.

import { el } from "./dom.ts";
import type { OpenPage } from "./session.ts";

/** The lists that lead to single pages, the nearest first. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  visit: ["visits"],
  cycle: ["lead"],
  pair: ["groups", "lead"],
};

const EARLIER = "earlier";

export interface Crumb {
  readonly title: string;
  /** The page's path, empty for words that lead nowhere. */
  readonly path: string;
}

/** The way from the first page; empty for the first page itself. */
export function crumbsOf(page: OpenPage, pages: readonly OpenPage[]): Crumb[] {
  const first = pages[0];
  if (first === undefined || page.name === first.name) {
    return [];
  }
  const whole = wholeOf(page, pages);
  const list = listOf(whole ?? page, pages);
  return [
    { title: first.title, path: first.path },
    ...(page.group === "" ? [] : [{ title: page.group, path: "" }]),
    ...(list === undefined ? [] : [{ title: list.title, path: list.path }]),
    ...(whole === undefined ? [] : [{ title: whole.title, path: whole.path }]),
    { title: page.title, path: "" },
  ];
}

/** The page that an earlier part of it has moved away from. */
function wholeOf(page: OpenPage, pages: readonly OpenPage[]): OpenPage | undefined {
  return page.kind === EARLIER
    ? pages.find(({ kind, path }) => kind !== EARLIER && page.path.startsWith(`${path}/`))
    : undefined;
}

/** The list of the same school that the page stands in, if it is among the reader's. */
function listOf(page: OpenPage, pages: readonly OpenPage[]): OpenPage | undefined {
  const kinds = LISTS[page.kind] ?? [];
  const found = kinds.map((kind) =>
    pages.find((one) => one.kind === kind && one.group === page.group),
  );
  return found.find((one) => one !== undefined);
}

export function renderCrumbs(crumbs: readonly Crumb[]): HTMLElement {
  const items = crumbs.map(({ title, path }, place) => {
    const here = place === crumbs.length - 1;
    const words = path === "" ? el("span", {}, title) : el("a", { href: `#/${path}` }, title);
    if (here) {
      words.setAttribute("aria-current", "page");
    }
    return el("li", {}, words);
  });
  return el("nav", { class: "crumbs", "aria-label": "Where you are" }, el("ol", {}, ...items));
}
