// Reads payloads in base64 from standard input, one a line, with the portal's own code, and
// answers each with what it would write for it, or with a dash where it refuses it.

import { readFileSync } from "node:fs";
import { formatPayload, parsePayload } from "portal/payload.ts";

const lines = readFileSync(0, "utf-8").trim().split("\n");
const answers = lines.map((line) => {
  try {
    const payload = parsePayload(new Uint8Array(Buffer.from(line, "base64")));
    return Buffer.from(formatPayload(payload)).toString("base64");
  } catch (error) {
    if (error.name !== "Problem") {
      throw error;
    }
    return "-";
  }
});
process.stdout.write(answers.join("\n") + "\n");
