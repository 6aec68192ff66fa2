import { reads, text } from "@mcp-reference/runtime";
import { cursor } from "@mcp-reference/validation";
import * as z from "zod";
import { tool } from "../define.js";
import { contextLines, diffFormat, paths, repoPath, revision } from "../fields.js";
import { commitHeading } from "../reading/commits/commit-heading.js";
import { diffResult } from "../reading/differences/diff-result.js";
import { repositoryPaths } from "../reading/repository-path.js";
import { changesOfCommit } from "../reading/revisions/changes-of-commit.js";
import { describeObject } from "../reading/revisions/describe-object.js";
import { resolveObject } from "../repository/revision/resolve.js";

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
