/**
 * `npm run generate` writes the generated blocks of every README; `npm run generate -- --check` changes nothing and
 * fails when one of them no longer says what the definitions say.
 */
import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { replaceBlocks } from "./blocks.js";
import { optionsTable } from "./options-table.js";
import { loadServers } from "./servers.js";
import { serversTable } from "./servers-table.js";
import { toolsTable } from "./tools-table.js";

const root = new URL("../../../", import.meta.url);
const check = process.argv.includes("--check");
const servers = await loadServers(root);

const stale: string[] = [];
await write(new URL("README.md", root), { servers: serversTable(servers) });
for (const { folder, description } of servers) {
  await write(new URL("README.md", folder), {
    tools: toolsTable(description.tools),
    options: optionsTable(description.options.own),
    "shared-options": optionsTable(description.options.shared),
  });
}

if (check && stale.length > 0) {
  console.error(`Out of date: ${stale.join(", ")}. Run npm run generate and commit what it writes.`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? "Generated text is up to date." : `Wrote ${stale.join(", ")}.`);
}

async function write(file: URL, blocks: Record<string, string>): Promise<void> {
  const before = await readFile(file, "utf8");
  const after = replaceBlocks(before, blocks);
  if (after === before) return;
  stale.push(relative(fileURLToPath(root), fileURLToPath(file)));
  if (!check) await writeFile(file, after);
}
