import { join } from "node:path";
import { connect } from "@mcp-reference/client";
import { calls, printTools } from "./calls.js";
import { printDiff, printHeading } from "./print.js";
import { makeSampleFolder } from "./sample-folder.js";

/** A session with the filesystem server on a folder made for it. @param cli the built server */
export async function filesystemSession(cli: string): Promise<void> {
  const { garden, outside, remove } = await makeSampleFolder();
  try {
    await session(cli, garden, outside);
  } finally {
    await remove();
  }
}

async function session(cli: string, garden: string, outside: string): Promise<void> {
  printHeading(`A session with the filesystem server, which may open ${garden} and nothing else`);
  const start = performance.now();
  const client = await connect({ command: process.execPath, args: [cli, garden] });
  try {
    await printTools(client, start, `mcp-server-filesystem ${garden}`);
    const { step, refused } = calls(client);
    await step("List the folder", "list_directory", { path: garden });
    await step("Read a file", "read_text_file", { path: join(garden, "plan", "spring.md") });
    await step("Find files by name", "search_files", { path: garden, pattern: "**/*.md" });
    await step("Find text in files", "search_text", { path: garden, pattern: "tomatoes" });
    const edits = [{ oldText: "every evening", newText: "every morning" }];
    await step("Edit a file", "edit_file", { path: join(garden, "plan", "summer.md"), edits }, printDiff);
    await refused("Try to read the file beside the folder", "OUTSIDE_ROOT", "read_text_file", { path: outside });
  } finally {
    await client.close();
  }
}
