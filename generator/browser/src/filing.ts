// Beside the path of each record: its page on the git host, or a button that copies the path.

import { button, el } from "./dom.ts";
import type { Session } from "./session.ts";
import type { Blocks, PageBlock } from "./shapes.ts";

const RECORD = /^records\/\S+\.md$/u;

type Reader = Pick<Session, "edit" | "keys">;

/** Adds to each path of a record what its reader can do with it. */
export function offerEditing(root: ParentNode, blocks: Blocks, reader: Reader): void {
  for (const place of root.querySelectorAll<HTMLElement>(".file")) {
    const path = place.querySelector("code")?.textContent?.trim() ?? "";
    if (RECORD.test(path)) {
      const template = isShut(path, blocks, reader) ? "" : reader.edit;
      place.append(" ", ...tools(path, editAddress(template, path)));
    }
  }
}

/** Leaves out what is marked as being for certain people or roles, unless the reader is one. */
export function leaveOutForOthers(root: ParentNode, { keys }: Pick<Session, "keys">): void {
  for (const place of root.querySelectorAll<HTMLElement>("[data-only-for]")) {
    const named = (place.dataset["onlyFor"] ?? "").split(" ");
    if (!named.some((reader) => keys.has(reader))) {
      place.remove();
    }
  }
}

/** Whether everything that the page holds of a record is sealed for others. */
function isShut(path: string, blocks: Blocks, { keys }: Reader): boolean {
  const held = [...blocks.values()].filter((block) => isIn(path, block));
  return (
    held.length > 0 && held.every(({ readers }) => !readers.some(([reader]) => keys.has(reader)))
  );
}

/** A record's file is named after its id; a cycle's own stands in a folder of that name. */
function isIn(path: string, { record }: PageBlock): boolean {
  const [folder = "", file = ""] = path.replace(/\.md$/u, "").split("/").slice(-2);
  return file === "cycle" ? folder === record : file === record || file.endsWith(`-${record}`);
}

/** The record's page on the git host; empty where there is none. */
export function editAddress(template: string, path: string): string {
  if (!/^https:\/\//u.test(template) || !template.includes("{path}")) {
    return "";
  }
  const address = path.split("/").map(encodeURIComponent).join("/");
  return template.replace("{path}", () => address);
}

function tools(path: string, address: string): HTMLElement[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const done = el("span", { class: "file-done", role: "status" });
  const copying = button("Copy path", () => void copy(path, done), {
    class: "linklike",
    "aria-label": `Copy path of ${name}`,
  });
  return address === "" ? [copying, done] : [editLink(address, name), copying, done];
}

function editLink(address: string, name: string): HTMLElement {
  return el(
    "a",
    {
      href: address,
      target: "_blank",
      rel: "noopener noreferrer nofollow",
      "aria-label": `Edit this record, ${name}, in a new window`,
    },
    "Edit this record",
  );
}

async function copy(path: string, done: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(path);
    done.textContent = "Copied.";
  } catch {
    done.textContent = "This browser does not let the page copy: select the path instead.";
  }
}
