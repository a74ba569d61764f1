// Beside the path of each record: its page on the git host, or a button that copies the path.

import { button, el } from "./dom.ts";

const RECORD = /^records\/\S+\.md$/u;

/** Adds to each path of a record what can be done with it. */
export function offerEditing(root: ParentNode, template: string): void {
  for (const place of root.querySelectorAll<HTMLElement>(".file")) {
    const path = place.querySelector("code")?.textContent?.trim() ?? "";
    if (RECORD.test(path)) {
      place.append(" ", ...tools(path, editAddress(template, path)));
    }
  }
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
