import { resource } from "../define.js";
import { logPage } from "../reading/history/log-page.js";
import { logText } from "../reading/history/log-text.js";
import { completeRepository, completeRevision } from "./complete.js";
import { repositoryNamed } from "./repository-named.js";

/** Commits that are shown; `git_log` pages through more. */
const COMMITS = 50;

export const log = resource({
  name: "log",
  template: "git://{repo}/log/{ref}",
  description: "The latest commits of a branch, tag or range; slashes are written %2F.",
  mimeType: "text/plain",
  complete: { repo: completeRepository, ref: completeRevision },
  async read({ repo: name, ref = "HEAD" }, context) {
    const repo = repositoryNamed(context, name);
    const { commits, more } = await logPage(repo, { revision: ref, count: COMMITS }, context.signal);
    const { body, shown } = logText(repo, commits, context.maxOutput);
    return { text: body, ...((more || shown < commits.length) && { meta: { truncated: true, shown } }) };
  },
});
