/** What `npm start` runs: a client's session with the built filesystem server, on a folder made for it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect, type McpClient } from "@mcp-reference/client";
import { printDiff, printHeading, printRefusal, printResult, printStep } from "./print.js";
import { makeSampleFolder } from "./sample-folder.js";

const SERVER = fileURLToPath(new URL("../../../servers/filesystem/dist/cli.js", import.meta.url));

try {
  await demo();
  printConfigs();
} catch (error) {
  console.error(`The demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function demo(): Promise<void> {
  if (!existsSync(SERVER)) throw new Error(`${SERVER} is missing; npm start builds it.`);
  const { garden, outside, remove } = await makeSampleFolder();
  try {
    await session(garden, outside);
  } finally {
    await remove();
  }
}

async function session(garden: string, outside: string): Promise<void> {
  printHeading(`A session with the filesystem server, which may open ${garden} and nothing else`);
  const start = performance.now();
  const client = await connect({ command: process.execPath, args: [SERVER, garden] });
  try {
    const tools = await client.listTools();
    printStep(
      "Load a client, start the server, ask for its tools",
      performance.now() - start,
      `mcp-server-filesystem ${garden}`,
    );
    printResult(`${tools.length} tools: ${tools.map(({ name }) => name).join(", ")}`);

    const { step, refused } = calls(client);
    await step("List the folder", "list_directory", { path: garden });
    await step("Read a file", "read_text_file", { path: join(garden, "plan", "spring.md") });
    await step("Find files by name", "search_files", { path: garden, pattern: "**/*.md" });
    await step("Find text in files", "search_text", { path: garden, pattern: "tomatoes" });
    const edits = [{ oldText: "every evening", newText: "every morning" }];
    await step("Edit a file", "edit_file", { path: join(garden, "plan", "summer.md"), edits }, printDiff);
    await refused("Try to read the file beside the folder", "read_text_file", { path: outside });
  } finally {
    await client.close();
  }
}

/** Calls tools and prints what comes back; a step that does not end as it should ends the demo. */
function calls(client: McpClient) {
  async function call(title: string, name: string, args: Record<string, unknown>) {
    const start = performance.now();
    const result = await client.callTool(name, args);
    printStep(title, performance.now() - start, `${name} ${JSON.stringify(args)}`);
    const text = result.content.map((block) => (block.type === "text" ? block.text : `(${block.type})`)).join("\n");
    return { text, isError: result.isError === true };
  }
  return {
    async step(title: string, name: string, args: Record<string, unknown>, print = printResult): Promise<void> {
      const { text, isError } = await call(title, name, args);
      if (isError) throw new Error(`${name} answered ${text}`);
      print(text);
    },
    async refused(title: string, name: string, args: Record<string, unknown>): Promise<void> {
      const { text, isError } = await call(title, name, args);
      if (!isError || !text.startsWith("OUTSIDE_ROOT"))
        throw new Error(`${name} was not refused outside the folder: ${text}`);
      printRefusal(text);
    },
  };
}

function printConfigs(): void {
  const config = (command: string, ...args: string[]) =>
    JSON.stringify({ mcpServers: { filesystem: { command, args } } }, null, 2);
  printHeading("To use it in a desktop client, paste this into the client's MCP configuration:");
  console.log(config("npx", "-y", "@mcp-reference/server-filesystem", "/path/to/folder"));
  printHeading("Or, to run the server that was just built here:");
  console.log(config("node", SERVER, "/path/to/folder"));
}
