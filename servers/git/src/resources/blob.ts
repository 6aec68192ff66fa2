import { ToolError } from "@mcp-reference/validation";
import { resource } from "../define.js";
import { fileAt } from "../reading/revisions/file-at.js";
import { textOfFile } from "../reading/revisions/text-of-file.js";
import { completePath, completeRepository, completeRevision } from "./complete.js";
import { repositoryNamed } from "./repository-named.js";

export const blob = resource({
  name: "blob",
  template: "git://{repo}/blob/{rev}/{+path}",
  description: "A file as it was at a revision; slashes of the revision are written %2F.",
  complete: { repo: completeRepository, rev: completeRevision, path: completePath },
  read({ repo: name, rev = "HEAD", path = "" }, context) {
    const repo = repositoryNamed(context, name);
    const { oid, size } = fileAt(repo, rev, path);
    if (size > context.maxMedia) throw new ToolError("TOO_LARGE", `${path} has ${size} bytes`);
    const content = repo.objects.blob(oid);
    const shown = textOfFile(content);
    return !shown || shown.replaced
      ? { blob: content, mimeType: "application/octet-stream" }
      : { text: shown.text, mimeType: "text/plain" };
  },
});
