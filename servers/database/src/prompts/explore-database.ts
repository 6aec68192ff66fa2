import { attachment, render, user } from "@mcp-reference/runtime";
import * as z from "zod";
import { explore } from "../catalog/explore.js";
import { prompt } from "../define.js";
import { completeDatabase } from "../resources/per-database.js";
import { cutLines, DATA_ONLY } from "./catalog-text.js";

export const exploreDatabase = prompt({
  name: "explore_database",
  description: "Get to know a database: what it holds, how its tables hang together, and the answer to a question.",
  args: z.strictObject({
    database: z.string().optional().describe("Name of a configured database; default: the first"),
    question: z.string().min(1).max(2000).optional().describe("What to find out"),
  }),
  complete: { database: completeDatabase },
  async messages({ database, question }, { databases, maxOutput, signal }) {
    const from = databases.get(database);
    const { name } = from.info;
    const { body, note } = cutLines(render(await from.read(explore, { signal })), maxOutput / 2);
    const task =
      question === undefined
        ? "Explain what this database holds: its subject, the main tables and how they hang together, what is large, and three questions worth asking it."
        : `Answer from this database: ${question}`;
    const way =
      `The overview of database ${name} is attached; rows and bytes are estimates. Look closer with search_objects, describe_object and ` +
      `sample_table before you query, and say which tables the answer comes from.`;
    return [
      attachment(`db://${encodeURIComponent(name)}/schemas`, body, "text/plain"),
      user(`${task} ${way} ${DATA_ONLY}${note}`),
    ];
  },
});
