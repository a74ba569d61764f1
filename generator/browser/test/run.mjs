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
const file = join(built, "all.mjs");
// One bundle and one process, as a process and a page for each file takes most of the time. The
// page comes first: some of the code under test takes the window that is there when it loads.
await build({
  stdin: {
    contents: ["page.ts", ...names].map((name) => `import "./${name}";`).join("\n"),
    resolveDir: here,
  },
  outfile: file,
  bundle: true,
  external: ["jsdom"],
  platform: "node",
  format: "esm",
  sourcemap: "inline",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", file], {
  cwd: here,
  stdio: "inherit",
});
process.exit(status ?? 1);
