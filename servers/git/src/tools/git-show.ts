import { reads, text } from "@mcp-reference/runtime";
import * as z from "zod";
import { tool } from "../define.js";
import { diffFields, repoPath, revision } from "../fields.js";
import { commitHeading } from "../reading/commits/commit-heading.js";
import { diffResult, diffStart } from "../reading/differences/diff-result.js";
import { repositoryPaths } from "../reading/repository-path.js";
import { changesOfCommit } from "../reading/revisions/changes-of-commit.js";
import { describeObject } from "../reading/revisions/describe-object.js";
import { firstBytes, REPLACED } from "../reading/shown-text.js";
import { resolveObject } from "../repository/revision/resolve.js";

/** Bytes that the notes below may take. */
const NOTES = 256;

export const gitShow = tool({
  name: "git_show",
  description: "Show a commit with what it changed (of a merge: against its first parent), or a tag, a tree or a file.",
  effect: reads(),
  set: "read",
  input: z.strictObject({
    repo_path: repoPath,
    revision,
    ...diffFields,
  }),
  async handle({ repo_path, revision, paths, format, context_lines, cursor }, context) {
    const { repositories, maxOutput, signal } = context;
    const repo = repositories.open(repo_path);
    const start = diffStart(cursor, context, () => resolveObject(repo, revision).oid);
    const { heading, replaced, oid, type } = describeObject(repo, resolveObject(repo, start.of));
    if (type !== "commit") return cutToFit(heading, replaced, maxOutput);

    const changes = await changesOfCommit(repo, oid, { paths: repositoryPaths(paths), signal });
    const shown = {
      format,
      context: context_lines,
      start,
      heading: `${heading}${commitHeading(repo.objects.commit(oid))}`,
    };
    return diffResult(repo, changes, shown, context);
  },
});

function cutToFit(content: string, replaced: boolean, maxOutput: number) {
  const shown = firstBytes(content, maxOutput - NOTES);
  const notes = [
    replaced && REPLACED,
    shown !== content && "What follows is cut: git_read_file and git_list_files page.",
  ];
  return text(shown, notes.filter(Boolean).join("\n"));
}
