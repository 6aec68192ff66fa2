import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type ServerBench, shortName } from "./bench-case.js";
import { database } from "./cases/database.js";
import { filesystem } from "./cases/filesystem.js";
import { git } from "./cases/git.js";
import { machine, markdownTable } from "./markdown.js";
import { peerCommand } from "./peer.js";
import { type CaseResult, runCase } from "./run-case.js";

const SERVERS: Record<string, ServerBench> = { filesystem, database, git };

const USAGE = `npm run bench -- [server…] [--only words] [--cli path] [--write]
  server   ${Object.keys(SERVERS).join(", ")}; all unless named
  --only   run the cases whose name contains these words
  --cli    measure another build of the server than its dist/cli.js
  --write  put the tables into docs/benchmarks.md; those of other servers stay`;

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PAGE = join(ROOT, "docs", "benchmarks.md");
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    cli: { type: "string" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (options.help) {
  console.log(USAGE);
} else {
  await benchServers(positionals.length > 0 ? positionals : Object.keys(SERVERS)).catch((error) => {
    console.error(`The benchmark failed: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  });
}

async function benchServers(names: string[]): Promise<void> {
  const measured = new Map<string, string>();
  for (const name of names) {
    const server = SERVERS[name];
    if (!server) throw new Error(`No benchmarks of "${name}"; there are ${Object.keys(SERVERS).join(", ")}.`);
    measured.set(name, section(name, server.peers, await benchServer(name, server)));
  }
  console.log([...measured.values()].join("\n\n"));
  if (options.write) writeFileSync(PAGE, page(measured));
}

/** The page with new tables of some servers, and of the others those it has. */
function page(measured: ReadonlyMap<string, string>): string {
  const earlier = readFileSync(PAGE, "utf8").split(/^(?=## )/m);
  const sections = Object.keys(SERVERS).map(
    (name) => measured.get(name) ?? earlier.find((text) => text.startsWith(`## ${name}\n`))?.trim(),
  );
  const introduction = [
    "# Benchmarks",
    "Each server and its peers in one run, in turns: medians, with the quartiles in parentheses. `npm run bench -- --write` writes this page.",
  ];
  return `${[...introduction, ...sections.filter((text) => text !== undefined)].join("\n\n")}\n`;
}

async function benchServer(name: string, server: ServerBench): Promise<CaseResult[]> {
  const cli = options.cli ?? join(ROOT, "servers", name, "dist", "cli.js");
  if (!existsSync(cli)) throw new Error(`${cli} does not exist: build it with npm run build.`);
  const peers = server.peers.map((peer) => peerCommand(peer, ROOT));
  console.error(`${name}: making what to work on`);
  const { cases, close } = await server.open({ command: process.execPath, args: [cli] }, peers);
  try {
    const results: CaseResult[] = [];
    for (const benchCase of cases.filter((each) => each.name.toLowerCase().includes(options.only.toLowerCase()))) {
      console.error(`${name}: ${benchCase.name}`);
      results.push(await runCase(benchCase));
    }
    return results;
  } finally {
    await close();
  }
}

function section(name: string, peers: string[], results: CaseResult[]): string {
  const named = peers.map((peer) => `\`${peer}\``).join(" and ");
  const introduction = `${peers.length > 1 ? "The peers are" : "The peer is"} ${named}. Measured on ${machine()}.`;
  return [`## ${name}`, introduction, markdownTable(results, peers.map(shortName))].join("\n\n");
}
