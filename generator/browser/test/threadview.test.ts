import "./page.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { StepEvent, StepThread } from "../src/thread.ts";
import { renderThreads } from "../src/threadview.ts";

const basis = { read: 1, closed: 0, noun: "sessions", days: [] };

function events(count: number): StepEvent[] {
  return Array.from({ length: count }, (_, at) => ({
    moment: at === 0 ? "agreed" : "carried",
    day: `2026-09-${String(at + 1).padStart(2, "0")}`,
    due: "",
    path: "",
  }));
}

function shown(count: number): HTMLElement {
  const thread: StepThread = { text: "Wait", due: "", done: false, events: events(count) };
  return renderThreads([thread], { today: "2026-10-01", empty: "", basis, finished: false });
}

test("A short history of a step stands open.", () => {
  assert.equal(shown(6).querySelectorAll(".step > .step-events > li").length, 6);
  assert.equal(shown(6).querySelector("details"), null);
});

test("Of a long history the beginning and the latest stand open, and nothing is lost.", () => {
  const step = shown(20);
  const open = [...step.querySelectorAll(".step > .step-events > li")];
  assert.deepEqual(
    open.map(({ textContent }) => textContent),
    [
      "agreed Tue 1 Sep",
      "looked at and carried forward Sat 19 Sep",
      "looked at and carried forward Sun 20 Sep",
    ],
  );
  assert.equal(step.querySelector("summary")?.textContent, "17 more in between");
  assert.equal(step.querySelectorAll("li.step-event").length, 20);
});

test("A day stands once: what the chip says is not said beside the session again.", () => {
  const kept = { moment: "agreed", day: "2026-09-01", due: "2026-09-08", path: "" } as const;
  const moved = { ...kept, moment: "carried", day: "2026-09-08", due: "2026-10-05" } as const;
  const thread = { text: "Wait", due: "2026-10-05", done: false, events: [kept, moved] };
  const step = renderThreads([thread], { today: "2026-10-01", empty: "", basis, finished: false });
  assert.equal(step.querySelector(".chip")?.textContent, "by Mon 5 Oct");
  assert.deepEqual(
    [...step.querySelectorAll("li.step-event")].map(({ textContent }) => textContent),
    ["agreed Tue 1 Sep, by Tue 8 Sep", "looked at and carried forward Tue 8 Sep"],
  );
});

test("While earlier sessions are still being read, nothing is called outstanding or done.", () => {
  const nothing = renderThreads([], { today: "2026-10-01", empty: "", basis, finished: false });
  assert.equal(nothing.querySelector(".empty"), null);
});

test("What was still open when a cycle finished is told as that, and is no longer late.", () => {
  const agreed = { moment: "agreed", day: "2026-09-01", due: "2026-09-08", path: "" } as const;
  const thread = { text: "Wait", due: "2026-09-08", done: false, events: [agreed] };
  const caption = { today: "2026-10-01", empty: "", basis, finished: true };
  const step = renderThreads([thread], caption);
  assert.equal(step.querySelector(".chip")?.textContent, "open when the cycle finished");
  assert.equal(step.querySelector(".step-late"), null);
  assert.match(step.querySelector("li.step-event")?.textContent ?? "", /by Tue 8 Sep$/u);
});
