// Leads to the note or section that an address names, once its page is shown.

import { slug, type Route } from "./route.ts";
import type { Blocks } from "./shapes.ts";

/** Moves the focus to the place, opens what it is folded into; whether it is on the page. */
export function arriveAt(root: ParentNode, blocks: Blocks, route: Route): boolean {
  const place = findPlace(root, blocks, route);
  if (place === undefined) {
    return false;
  }
  for (let part = place.closest("details"); part !== null; part = outer(part)) {
    part.open = true;
  }
  const heading = place.parentElement?.querySelector<HTMLElement>("h2, h3, h4, h5") ?? place;
  heading.tabIndex = -1;
  heading.classList.add("arrived");
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start" });
  return true;
}

function outer(part: Element): HTMLDetailsElement | null {
  return part.parentElement?.closest("details") ?? null;
}

function findPlace(
  root: ParentNode,
  blocks: Blocks,
  { record, section }: Route,
): HTMLElement | undefined {
  return [...root.querySelectorAll<HTMLElement>("[data-sealed]")].find((place) => {
    const block = blocks.get(place.dataset["sealed"] ?? "");
    return block?.record === record && (section === "" || slug(block.section) === section);
  });
}
