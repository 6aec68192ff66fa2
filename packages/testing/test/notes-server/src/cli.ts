import { runCli } from "@mcp-reference/runtime";
import { notesServer } from "./index.js";

await runCli(notesServer);
