// Addresses inside the portal: which page, and which note or section on it.

const ADDRESS = /^#\/(.+)$/u;
const AT = "/at/";

export interface Route {
  /** The page's path, such as `cycle/c-0a1b2c3d`; empty for the first page. */
  readonly path: string;
  /** The id of the record on it, empty for the page as a whole. */
  readonly record: string;
  /** The section of that record as `slug` writes it, empty for the first one. */
  readonly section: string;
}

/** The route of an address such as `#/cycle/c-0a1b2c3d/at/s-7kq2m4xa/action-steps`. */
export function parseRoute(hash: string): Route {
  const [path = "", place = ""] = (ADDRESS.exec(hash)?.[1] ?? "").split(AT);
  const [record = "", section = ""] = place.split("/");
  return { path, record, section };
}

export function formatRoute({ path, record, section }: Route): string {
  const place = [record, section].filter((part) => part !== "").join("/");
  return place === "" ? `#/${path}` : `#/${path}${AT}${place}`;
}

/** "Action steps" as it stands in an address: "action-steps". */
export function slug(section: string): string {
  return section
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/gu, "");
}
