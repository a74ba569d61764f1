// What is to be said about what was entered, each with the place where it can be changed.

import { button, el } from "./dom.ts";

export interface Remark {
  readonly words: string;
  readonly target: HTMLElement;
  /** Where in the text of the target the cursor goes. */
  readonly at?: number;
}

/** The remarks under a title; pressing one leads to its place. */
export function renderRemarks(title: string, remarks: readonly Remark[]): HTMLElement {
  const items = remarks.map((remark) =>
    el(
      "li",
      {},
      button(remark.words, () => show(remark), { class: "linklike" }),
    ),
  );
  return el("div", { class: "notice" }, el("p", {}, title), el("ul", {}, ...items));
}

function show({ target, at }: Remark): void {
  target.focus();
  if (at !== undefined && target instanceof HTMLTextAreaElement) {
    target.setSelectionRange(at, at);
  }
}
