import { attachment, user } from "@mcp-reference/runtime";
import * as z from "zod";
import { prompt } from "../define.js";
import { logPage } from "../reading/history/log-page.js";
import { logText } from "../reading/history/log-text.js";
import { completeRevision } from "../resources/complete.js";
import { DATA_ONLY } from "./data-only.js";

/** Commits that a changelog is written from. */
const MOST_COMMITS = 500;

export const changelog = prompt({
  name: "changelog",
  description: "Write the changelog of what was committed since a tag or other revision.",
  args: z.strictObject({
    from: z.string().min(1).max(1000).describe("Tag, branch or commit of the last release"),
    to: z.string().min(1).max(1000).default("HEAD").describe("Where the changelog ends"),
  }),
  complete: { from: completeRevision, to: completeRevision },
  async messages({ from, to }, context) {
    const repo = context.repositories.open();
    const { commits, more } = await logPage(repo, { revision: `${from}..${to}`, count: MOST_COMMITS }, context.signal);
    const { body, shown } = logText(repo, commits, context.maxOutput);
    const cut = more || shown < commits.length ? ` Only the latest ${shown} commits are attached.` : "";
    return [
      attachment(`git:log/${from}..${to}`, body, "text/plain"),
      user(
        `Write the changelog of ${to} since ${from} from the attached commits, for people who use the software: group what was ` +
          `added, changed and fixed, one line each, and leave out what they cannot notice. ${DATA_ONLY}${cut}`,
      ),
    ];
  },
});
