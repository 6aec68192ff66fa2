import { resource } from "../define.js";
import { listTree } from "../reading/revisions/list-tree.js";
import { countFitting, shownPath } from "../reading/shown-text.js";
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
    const lines = entries.map(({ path }) => shownPath(path));
    const shown = countFitting(lines, context.maxOutput);
    return {
      text: lines.slice(0, shown).join("\n"),
      ...((next || shown < lines.length) && { meta: { truncated: true, shown } }),
    };
  },
});
