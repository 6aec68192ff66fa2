import { confirm, writes } from "@mcp-reference/runtime";
import * as z from "zod";
import { shortName } from "../changes/branches/branch-name.js";
import { createTag, deleteTag, existingTag, hasTag } from "../changes/tags/tags.js";
import { tool } from "../define.js";
import { repoPath, revision } from "../fields.js";
import { bytesOf, textOf } from "../repository/bytes/byte-string.js";

export const gitTag = tool({
  name: "git_tag",
  description: "Make a tag; after asking move or delete one. To list: git_list_tags.",
  effect: writes({ destructive: true }),
  set: "write",
  input: z.strictObject({
    repo_path: repoPath,
    tag_name: z.string().describe("Its name"),
    revision: revision.optional().describe("Default: HEAD"),
    message: z.string().optional().describe("Annotates it"),
    force: z.boolean().default(false).describe("Move it"),
    sign: z.boolean().optional().describe("false: unsigned though configured"),
    delete: z.boolean().default(false).describe("Delete it"),
  }),
  output: z.object({
    tag: z.string().describe("Its name"),
    object: z.string().describe("What it held, where it was deleted"),
    deleted: z.boolean().describe("Whether it is gone"),
    undo: z.string().optional().describe("How to get back to before"),
  }),
  ask(input, { repositories }) {
    if (!input.delete && !input.force) return undefined;
    const repo = repositories.open(input.repo_path);
    if (!input.delete && !hasTag(repo, input.tag_name)) return undefined;
    const { ref, oid } = existingTag(repo, input.tag_name);
    return confirm(`${input.delete ? "Delete" : "Move"} tag ${shortName(ref)}, which is at ${oid}?`, {
      facts: { oid },
    });
  },
  handle(input, { repositories }, approved) {
    const repo = repositories.open(input.repo_path);
    const undo = (ref: string | undefined) => (ref ? { undo: `git_tag with revision ${textOf(ref)} and force` } : {});
    if (input.delete) {
      const { ref, oid, undoRef } = deleteTag(repo, input.tag_name, approved?.oid);
      return { tag: shortName(ref), object: oid, deleted: true, ...undo(undoRef) };
    }
    const message = input.message === undefined ? undefined : bytesOf(input.message);
    const { tag_name: name, revision, force, sign } = input;
    const { ref, object, undoRef } = createTag(repo, { name, revision, message, force, sign, expected: approved?.oid });
    const back = undoRef ? undo(undoRef) : { undo: `git_tag tag_name ${name} delete true` };
    return { tag: shortName(ref), object, deleted: false, ...back };
  },
});
