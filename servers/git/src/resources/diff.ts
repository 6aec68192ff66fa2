import { resource } from "../define.js";
import { changesOfTarget } from "../reading/differences/changes-of-target.js";
import { diffPage } from "../reading/differences/diff-page.js";
import { completeRepository, completeRevision } from "./complete.js";
import { repositoryNamed } from "./repository-named.js";

export const diff = resource({
  name: "diff",
  template: "git://{repo}/diff/{range}",
  description: "What changed between two revisions (A..B), or between one and the worktree.",
  mimeType: "text/x-diff",
  complete: { repo: completeRepository, range: completeRevision },
  async read({ repo: name, range = "HEAD" }, context) {
    const repo = repositoryNamed(context, name);
    const { maxOutput, signal } = context;
    const changes = await changesOfTarget(repo, range, { paths: undefined, signal });
    const request = { changes, format: "patch", context: 3, maxBytes: maxOutput, signal } as const;
    const { body, left, cut } = await diffPage(repo, request);
    const partial = left > 0 || cut !== undefined;
    return {
      text: body,
      ...(partial && { meta: { truncated: true, shown: changes.length - left, of: changes.length } }),
    };
  },
});
