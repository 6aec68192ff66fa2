import { user } from "@mcp-reference/runtime";
import * as z from "zod";
import { prompt } from "../define.js";
import { attachDocument, completeDocument, DATA_ONLY } from "./document.js";

export const summarizeDocument = prompt({
  name: "summarize_document",
  description: "Summarize a text document in a few points.",
  args: z.strictObject({
    document_uri: z.string().min(1).describe("file: URI or path of the document"),
    max_points: z.coerce.number().int().min(1).max(50).default(5).describe("Most points, 1–50"),
  }),
  complete: { document_uri: completeDocument },
  async messages({ document_uri, max_points }, context) {
    const { message, note } = await attachDocument(document_uri, context);
    const task = `Summarize the attached document in at most ${max_points} points, the most important first.`;
    return [message, user(`${task} Say what it is and whom it is for. ${DATA_ONLY}${note}`)];
  },
});
