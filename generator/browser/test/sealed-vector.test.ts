import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { armor } from "age-encryption";
import { Key } from "../src/keys.ts";
import { parsePayload } from "../src/payload.ts";
import { openBlock } from "../src/sealing.ts";

const VECTORS = join("..", "..", "..", "tests", "vectors", "payload", "v1");
const { sealed } = JSON.parse(readFileSync(join(VECTORS, "cases.json"), "utf-8")) as {
  sealed: { file: string; opens_as: string; identities: Record<string, string> };
};

test("A section that Python sealed opens for each of its readers.", async () => {
  const inside = parsePayload(
    new Uint8Array(readFileSync(join(VECTORS, `${sealed.opens_as}.txt`))),
  );
  const block = {
    ...inside,
    armor: armor.encode(new Uint8Array(readFileSync(join(VECTORS, sealed.file)))),
  };
  for (const [id, line] of Object.entries(sealed.identities)) {
    assert.deepEqual(await openBlock(block, new Map([[id, [await Key.parse(line)]]])), inside);
  }
});
