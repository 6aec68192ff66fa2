import { render } from "@mcp-reference/runtime";
import { resource } from "../define.js";
import { describeStatus, describeStatusPaths, fittingRows } from "../reading/status/describe-status.js";
import { readStatus } from "../repository/worktree/status.js";
import { completeRepository } from "./complete.js";
import { repositoryNamed } from "./repository-named.js";
import { watchRepository } from "./watch-repository.js";

export const status = resource({
  name: "status",
  template: "git://{repo}/status",
  description: "Branch, staged and other changes of a repository. Subscribers are told when HEAD or the index changes.",
  mimeType: "text/plain",
  complete: { repo: completeRepository },
  list({ position, limit }, { repositories }) {
    const from = typeof position === "number" ? position : 0;
    const names = [...repositories.byName().keys()];
    const entries = names.slice(from, from + limit).map((name) => ({
      uri: `git://${encodeURIComponent(name)}/status`,
      name: `${name} status`,
      mimeType: "text/plain",
    }));
    return { entries, next: from + limit < names.length ? from + limit : undefined };
  },
  async read({ repo: name }, context) {
    const repo = repositoryNamed(context, name);
    const found = await readStatus(repo, { signal: context.signal });
    const paths = describeStatusPaths(found);
    const shown = fittingRows(paths, context.maxOutput);
    const text = render({ ...describeStatus(repo, found), paths: paths.slice(0, shown) });
    return { text, ...(shown < paths.length && { meta: { truncated: true, shown, of: paths.length } }) };
  },
  watch: ({ repo: name }, changed, context) => watchRepository(repositoryNamed(context, name), changed),
});
