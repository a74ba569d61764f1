// Hands a text to the browser as a file, made in memory; nothing is sent anywhere.

import { el } from "./dom.ts";

export function downloadText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
