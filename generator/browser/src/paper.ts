// Paper has nothing to press: what is folded opens before printing and folds again after.

/** Opens what is folded under the root whenever it is printed. */
export function unfoldOnPaper(target: EventTarget, root: ParentNode): void {
  let opened: HTMLDetailsElement[] = [];
  target.addEventListener("beforeprint", () => {
    opened = [...root.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    opened.forEach((one) => (one.open = true));
  });
  target.addEventListener("afterprint", () => {
    opened.forEach((one) => (one.open = false));
    opened = [];
  });
}
