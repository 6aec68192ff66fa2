import { resource } from "../define.js";
import { listTree } from "../reading/revisions/list-tree.js";
import { completeRepository, completeRevision } from "./complete.js";
import { repositoryNamed } from "./repository-named.js";

/** Files that are listed at most. */
const MOST = 5000;

export const tree = resource({
  name: "tree",
  template: "git://{repo}/tree/{rev}",
  description: "The files of a revision, one a line.",
  mimeType: "text/plain",
  complete: { repo: completeRepository, rev: completeRevision },
  async read({ repo: name, rev = "HEAD" }, context) {
    const repo = repositoryNamed(context, name);
    const { signal } = context;
    const { entries, next } = await listTree(repo, { revision: rev, recursive: true, limit: MOST, signal });
    return {
      text: entries.map(({ path }) => path).join("\n"),
      ...(next && { meta: { truncated: true, shown: entries.length } }),
    };
  },
});
