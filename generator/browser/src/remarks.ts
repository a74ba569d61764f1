// What is to be said about what was entered, each with the place where it can be changed.

import { button, el } from "./dom.ts";

export interface Remark {
  readonly words: string;
  readonly target: HTMLElement;
}

/** The remarks under a title; pressing one leads to its place. */
export function renderRemarks(title: string, remarks: readonly Remark[]): HTMLElement {
  const items = remarks.map(({ words, target }) =>
    el(
      "li",
      {},
      button(words, () => target.focus(), { class: "linklike" }),
    ),
  );
  return el("div", { class: "notice" }, el("p", {}, title), el("ul", {}, ...items));
}
