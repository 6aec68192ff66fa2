import { type ByteString, bytesOf } from "../../repository/bytes/byte-string.js";
import type { Commit } from "../../repository/objects/types.js";

/** A commit with its words in UTF-8, which commits made here are in; as it is where its encoding is not known. */
export function inUtf8(commit: Commit): Commit {
  if (commit.encoding === undefined) return commit;
  const decoder = decoderOf(commit.encoding);
  if (decoder === undefined) return commit;
  const decode = (bytes: ByteString): ByteString => bytesOf(decoder.decode(Buffer.from(bytes, "latin1")));
  const author = { ...commit.author, name: decode(commit.author.name), email: decode(commit.author.email) };
  return { ...commit, author, message: decode(commit.message), encoding: undefined };
}

function decoderOf(encoding: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(encoding);
  } catch {
    return undefined; // a name that no decoder goes by
  }
}
