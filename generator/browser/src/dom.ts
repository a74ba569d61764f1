// Elements from values; text is always text, never markup.

export type Child = Node | string;
export type Attributes = Readonly<Record<string, string | boolean>>;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children);
  return element;
}

/** A button that does one thing. */
export function button(
  label: string,
  press: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const made = el("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", press);
  return made;
}

/** The page's shell is not the one that this script was made for. */
export class ShellError extends Error {}

/** The one element of the shell that the selector names; throws a ShellError if it is not there. */
export function required<T extends Element>(selector: string, type: abstract new () => T): T {
  const element = document.querySelector(selector);
  if (!(element instanceof type)) {
    throw new ShellError(`the page's shell has no ${selector}`);
  }
  return element;
}

/** The content of a meta element of the shell, or an empty text. */
export function meta(name: string): string {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";
}
