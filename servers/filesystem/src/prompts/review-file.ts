import { user } from "@mcp-reference/runtime";
import * as z from "zod";
import { prompt } from "../define.js";
import { completePath } from "../resources/complete-path.js";
import { attachDocument, DATA_ONLY } from "./document.js";

export const reviewFile = prompt({
  name: "review_file",
  description: "Review a text file: mistakes, risks, and what to change.",
  args: z.strictObject({
    path: z.string().min(1).describe("Path or file: URI of the file"),
    focus: z.string().min(1).max(1000).optional().describe("What to look at above all, such as security or style"),
  }),
  complete: { path: completePath },
  async messages({ path, focus }, context) {
    const { message, note } = await attachDocument(path, context);
    const task =
      "Review the attached file. List what is wrong or risky, the gravest first: the line, why, and the change to make.";
    const attention = focus === undefined ? "" : ` Look at this above all: ${focus}.`;
    return [message, user(`${task}${attention} Leave out what is fine. ${DATA_ONLY}${note}`)];
  },
});
