// Why the portal can't run here, in words; empty if it can.

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

export interface Surroundings {
  readonly protocol: string;
  readonly hostname: string;
  readonly framed: boolean;
  /** Names of what the browser lacks. */
  readonly lacking: readonly string[];
}

export interface Explanation {
  readonly title: string;
  readonly text: string;
}

/** A page that a browser has kept, beside a script that came fresh from the host. */
export const OLDER_PAGE: Explanation = {
  title: "This page is older than its script",
  text: "Your browser has kept the page from before the portal was renewed. Reload it; if it stays so, hold Shift while you press Reload, or close the browser and come back.",
};

/** Whether nobody on the way can change the page: over https, or on this computer. */
export function isProtected({ protocol, hostname }: Pick<Surroundings, "protocol" | "hostname">) {
  return protocol === "https:" || (protocol === "http:" && LOCAL.includes(hostname));
}

export function explainBlock(place: Surroundings): Explanation | undefined {
  if (place.framed) {
    return {
      title: "Open the portal in a window of its own",
      text: "This page is shown inside another page, which could watch what you type. Open its address directly.",
    };
  }
  if (place.protocol === "http:" && !isProtected(place)) {
    return {
      title: "This connection is not protected",
      text: "The address starts with http, so somebody on the way could change this page and take your passphrase. Use the address that starts with https, or ask IT for it.",
    };
  }
  if (place.lacking.length > 0) {
    return {
      title: "This browser is too old for the portal",
      text: `It lacks ${place.lacking.join(" and ")}. Use a current Edge, Chrome, Firefox or Safari; anything from the last three years will do.`,
    };
  }
  return undefined;
}

/** What the window says of itself. */
export function surroundings(window: Window & typeof globalThis): Surroundings {
  const { protocol, hostname } = window.location;
  const needs: Record<string, unknown> = {
    "random numbers": window.crypto?.getRandomValues,
    streams: window.TransformStream,
    unpacking: window.DecompressionStream,
    "lazy loading": window.IntersectionObserver,
    dialogs: window.HTMLDialogElement,
  };
  const lacking = Object.keys(needs).filter((name) => needs[name] === undefined);
  return { protocol, hostname, framed: window.top !== window.self, lacking };
}
