import { textOf } from "../../repository/bytes/byte-string.js";
import { isDirectory } from "../../repository/file-mode.js";
import type { Tag } from "../../repository/objects/types.js";
import type { Repository } from "../../repository/repository.js";
import { peelTags, type TypedObject } from "../../repository/revision/peel.js";
import { signatureDate, signatureName } from "../commits/signature.js";
import { type ShownText, shownPath } from "../shown-text.js";
import { textOfFile } from "./text-of-file.js";

interface ObjectText {
  readonly heading: string;
  /** Were bytes replaced that are not UTF-8? */
  readonly replaced: boolean;
}

/** What is shown of an object before its commit, if it leads to one: of a tag who made it and why, else all there is. */
export function describeObject(repo: Repository, named: TypedObject): TypedObject & ObjectText {
  const tag = named.type === "tag" ? describeTag(repo.objects.tag(named.oid)) : "";
  const peeled = peelTags(repo.objects, named.oid);
  const { text, replaced } = contentOf(repo, peeled);
  return { ...peeled, heading: tag + text, replaced };
}

function describeTag({ name, tagger, message }: Tag): string {
  const who = tagger ? `Tagger: ${signatureName(tagger)}\nDate: ${signatureDate(tagger)}\n` : "";
  return `tag ${textOf(name)}\n${who}\n${textOf(message)}\n`;
}

function contentOf(repo: Repository, { oid, type }: TypedObject): ShownText {
  if (type === "tree") {
    const entries = repo.objects
      .tree(oid)
      .map(({ name, mode }) => `${shownPath(name)}${isDirectory(mode) ? "/" : ""}\n`);
    return plain(`tree ${oid}\n\n${entries.join("")}`);
  }
  if (type !== "blob") return plain("");
  const content = repo.objects.blob(oid);
  return textOfFile(content) ?? plain(`A binary file of ${content.length} bytes; git_read_file gives it.\n`);
}

const plain = (text: string): ShownText => ({ text, replaced: false });
