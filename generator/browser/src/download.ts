// Hands a text to the browser as a file, made in memory; nothing is sent anywhere.

import { el } from "./dom.ts";

export function downloadText(name: string, type: string, text: string): void {
  downloadBlob(name, new Blob([text], { type }));
}

export function downloadBytes(name: string, type: string, bytes: Uint8Array): void {
  downloadBlob(name, new Blob([new Uint8Array(bytes)], { type }));
}

function downloadBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
