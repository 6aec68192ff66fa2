import { writes } from "@mcp-reference/runtime";
import { filePath } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { createDirectory as createWithParents } from "../write/create-directory.js";

export const createDirectory = tool({
  name: "create_directory",
  description: "Make a directory and those above it that are missing; fine if it is there already.",
  effect: writes({ idempotent: true }),
  set: "write",
  input: z.strictObject({ path: filePath }),
  output: z.object({ created: z.array(z.string()).describe("Directories made, outermost first") }),
  handle: async ({ path }, { sandbox }) => ({ created: await createWithParents(sandbox, path) }),
});
