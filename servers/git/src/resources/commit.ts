import { resource } from "../define.js";
import { commitHeading } from "../reading/commits/commit-heading.js";
import { diffPage } from "../reading/differences/diff-page.js";
import { changesOfCommit } from "../reading/revisions/changes-of-commit.js";
import { firstBytes } from "../reading/shown-text.js";
import { resolveRevision } from "../repository/revision/resolve.js";
import { completeRepository, completeRevision } from "./complete.js";
import { repositoryNamed } from "./repository-named.js";

export const commit = resource({
  name: "commit",
  template: "git://{repo}/commit/{oid}",
  description: "A commit with what it changed.",
  mimeType: "text/plain",
  complete: { repo: completeRepository, oid: completeRevision },
  async read({ repo: name, oid = "HEAD" }, context) {
    const repo = repositoryNamed(context, name);
    const { maxOutput, signal } = context;
    const id = resolveRevision(repo, oid);
    const heading = commitHeading(repo.objects.commit(id));
    const shown = firstBytes(heading, maxOutput / 2);
    const changes = await changesOfCommit(repo, id, { paths: undefined, signal });
    const maxBytes = Math.max(0, maxOutput - Buffer.byteLength(shown));
    const page = await diffPage(repo, { changes, format: "patch", context: 3, maxBytes, signal });
    const partial = page.left > 0 || page.cut !== undefined || shown !== heading;
    return { text: shown + page.body, ...(partial && { meta: { truncated: true } }) };
  },
});
