// Bundles the tests with esbuild, beside the packages they import, and runs them in Node.

import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "node_modules", ".coachbook-tests");
const names = readdirSync(here).filter((name) => name.endsWith(".test.ts"));

rmSync(built, { recursive: true, force: true });
await build({
  entryPoints: names.map((name) => join(here, name)),
  outdir: built,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  external: ["jsdom"],
  platform: "node",
  format: "esm",
  sourcemap: "inline",
  logLevel: "warning",
});
const files = names.map((name) => join(built, name.replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], {
  cwd: here,
  stdio: "inherit",
});
process.exit(status ?? 1);
