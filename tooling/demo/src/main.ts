/** What `npm start` runs: a client's sessions with the built servers, on data made for them. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { databaseSession } from "./database-session.js";
import { filesystemSession } from "./filesystem-session.js";
import { gitSession } from "./git-session.js";
import { printHeading } from "./print.js";

const FILESYSTEM = builtServer("filesystem");
const DATABASE = builtServer("database");
const GIT = builtServer("git");

try {
  await demo();
  printConfigs();
} catch (error) {
  console.error(`The demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function demo(): Promise<void> {
  const missing = [FILESYSTEM, DATABASE, GIT].find((cli) => !existsSync(cli));
  if (missing) throw new Error(`${missing} is missing; npm start builds it.`);
  await filesystemSession(FILESYSTEM);
  await databaseSession(DATABASE);
  await gitSession(GIT);
}

function builtServer(name: string): string {
  return fileURLToPath(new URL(`../../../servers/${name}/dist/cli.js`, import.meta.url));
}

function printConfigs(): void {
  const url = "postgres://user:password@host/database";
  const entry = (command: string, ...args: string[]) => ({ command, args });
  printHeading("To use them in a desktop client, paste this into the client's MCP configuration:");
  print({
    filesystem: entry("npx", "-y", "@mcp-reference/server-filesystem", "/path/to/folder"),
    database: { ...entry("npx", "-y", "@mcp-reference/server-database"), env: { DATABASE_URL: url } },
    git: entry("npx", "-y", "@mcp-reference/server-git", "--repository", "/path/to/repository"),
  });
  printHeading("Or, to run the servers that were just built here:");
  print({
    filesystem: entry("node", FILESYSTEM, "/path/to/folder"),
    database: entry("node", DATABASE, "--demo"),
    git: entry("node", GIT, "--repository", "/path/to/repository"),
  });
}

function print(mcpServers: object): void {
  console.log(JSON.stringify({ mcpServers }, null, 2));
}
