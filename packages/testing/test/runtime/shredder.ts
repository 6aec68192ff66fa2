import type { ElicitHandler, ElicitResult } from "@mcp-reference/client";
import { confirm, deletes, reads, text, writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { serverOf, tool } from "./testbed.js";

const path = z.string().describe("Path");

/** A server that notes every file it removed. */
export function shredder() {
  const removed: string[] = [];
  const asked: string[] = [];
  const removing = (name: string, more: { grave?: boolean } = {}) =>
    tool({
      name,
      description: "Removes a file for good.",
      effect: deletes(),
      input: z.strictObject({ path, force: z.boolean().default(false).describe("Don't ask") }),
      ask: ({ path, force }) => {
        asked.push(path);
        return force ? undefined : confirm(`Remove ${path} and its 3 versions?`, more);
      },
      handle({ path }, _, answer) {
        removed.push(path);
        return text(`removed, answer ${answer}`);
      },
    });
  const server = serverOf({
    tools: [
      removing("remove_file"),
      removing("trash_file", { grave: false }),
      tool({
        name: "rename_file",
        description: "Renames without asking.",
        effect: writes(),
        input: z.strictObject({ path }),
        handle({ path }) {
          removed.push(path);
          return text("renamed");
        },
      }),
      tool({
        name: "read_file",
        description: "Reads.",
        effect: reads(),
        input: z.strictObject({ path }),
        handle: ({ path }) => text(path),
      }),
    ],
  });
  return { server, removed, asked };
}

/** A person who always answers the same; `questions` are what was shown. */
export const answering = (answer: ElicitResult) => {
  const questions: Parameters<ElicitHandler>[0][] = [];
  const elicit: ElicitHandler = (question) => {
    questions.push(question);
    return answer;
  };
  return { questions, elicit };
};
