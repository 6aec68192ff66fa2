import { reads, text } from "@mcp-reference/runtime";
import { cursor } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { diffResult } from "../differences/diff-result.js";
import { repositoryPaths } from "../differences/path-filter.js";
import { contextLines, diffFormat, paths, repoPath, revision } from "../fields.js";
import { commitHeading } from "../present/commit-heading.js";
import { resolveObject } from "../repository/revision/resolve.js";
import { changesOfCommit } from "../revisions/changes-of-commit.js";
import { describeObject } from "../revisions/describe-object.js";

export const gitShow = tool({
  name: "git_show",
  description: "Show a commit with what it changed (of a merge: against its first parent), or a tag, a tree or a file.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    revision,
    paths: paths.optional(),
    format: diffFormat,
    context_lines: contextLines,
    cursor: cursor.optional(),
  }),
  async handle({ repo_path, revision, paths, format, context_lines, cursor }, context) {
    const { repositories, maxOutput, signal } = context;
    const repo = repositories.open(repo_path);
    const named = resolveObject(repo, revision);
    const { heading, oid, type } = describeObject(repo, named);
    if (type !== "commit") return text(heading.slice(0, maxOutput));

    const changes = await changesOfCommit(repo, oid, { paths: repositoryPaths(paths), signal });
    const shown = {
      format,
      context: context_lines,
      cursor,
      heading: `${heading}${commitHeading(repo.objects.commit(oid))}`,
    };
    return diffResult(repo, changes, shown, context);
  },
});
