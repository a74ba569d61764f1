import assert from "node:assert/strict";
import { test } from "node:test";
import { explainBlock } from "../src/explain.ts";

const fine = { protocol: "https:", hostname: "portal.example", framed: false, lacking: [] };

test("The portal runs over https, on this computer and from a folder.", () => {
  for (const place of [
    fine,
    { ...fine, protocol: "http:", hostname: "localhost" },
    { ...fine, protocol: "file:", hostname: "" },
  ]) {
    assert.equal(explainBlock(place), undefined);
  }
});

test("A plain http host, a frame and an old browser are explained.", () => {
  assert.match(explainBlock({ ...fine, protocol: "http:" })?.title ?? "", /not protected/u);
  assert.match(explainBlock({ ...fine, framed: true })?.title ?? "", /window of its own/u);
  assert.match(explainBlock({ ...fine, lacking: ["streams"] })?.text ?? "", /streams/u);
});
