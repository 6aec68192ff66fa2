import { textOf } from "../../repository/bytes/byte-string.js";
import type { Tag } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import { peelTags, type TypedObject } from "../../repository/revision/peel.js";
import { signatureDate, signatureName } from "../commits/signature.js";
import { textOfFile } from "./text-of-file.js";

/** What is shown of an object before its commit, if it leads to one: of a tag who made it and why, else all there is. */
export function describeObject(repo: Repository, named: TypedObject): TypedObject & { heading: string } {
  const tag = named.type === "tag" ? describeTag(repo.objects.tag(named.oid)) : "";
  const peeled = peelTags(repo.objects, named.oid);
  return { ...peeled, heading: tag + contentOf(repo, peeled) };
}

function describeTag({ name, tagger, message }: Tag): string {
  const who = tagger ? `Tagger: ${signatureName(tagger)}\nDate: ${signatureDate(tagger)}\n` : "";
  return `tag ${textOf(name)}\n${who}\n${textOf(message)}\n`;
}

function contentOf(repo: Repository, { oid, type }: TypedObject): string {
  if (type === "tree") {
    const entries = repo.objects.tree(oid).map(({ name, mode }) => `${textOf(name)}${mode === 0o40000 ? "/" : ""}\n`);
    return `tree ${oid}\n\n${entries.join("")}`;
  }
  if (type !== "blob") return "";
  const content = repo.objects.blob(oid);
  return textOfFile(content) ?? `A binary file of ${content.length} bytes; git_read_file gives it.\n`;
}
