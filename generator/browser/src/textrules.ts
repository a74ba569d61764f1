// What the text of a section says in typed form, and what about it may have slipped.

import { isDay } from "./dates.ts";
import type { JsonObject } from "./json.ts";
import type { LineForm, SectionForm } from "./shapes.ts";

/** The rules that run before a section is sealed, as its payload names them. */
export const RULES: readonly string[] = ["CB411", "CB412", "CB413", "CB414", "CB415"];

export interface TextFault {
  readonly code: string;
  /** Counted from 1, in the text as it is. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface ActionStep {
  readonly text: string;
  readonly due: string;
  readonly done: boolean;
}

export interface SectionData {
  readonly lines: Readonly<Record<string, string>>;
  readonly steps: readonly ActionStep[];
}

export interface ParsedText {
  readonly data: SectionData;
  readonly faults: readonly TextFault[];
}

export function sectionJson(data: SectionData): JsonObject {
  const steps = data.steps.map(({ text, due, done }) => ({ text, due: due === "" ? null : due, done }));
  return { lines: data.lines, steps };
}


