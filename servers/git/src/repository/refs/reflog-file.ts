import { closeSync, constants, openSync, rmSync, writeSync } from "node:fs";
import { errnoOf } from "@mcp-reference/security";
import type { ByteString } from "../bytes/byte-string.js";
import type { ConfinedFiles } from "../confined/confined-files.js";
import type { Layout } from "../layout/types.js";
import { isObjectId } from "../object-id.js";
import type { Signature } from "../objects/types.js";
import { isFile, parentInside, removeEmptyDirectories, removeEmptyParents } from "./ref-directories.js";
import { directoryOfRef } from "./ref-location.js";
import type { ReflogEntry } from "./types.js";

const MOST_BYTES = 64 << 20;
const ATTEMPTS = 10;
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
const LINE = /^([0-9a-f]{40}) ([0-9a-f]{40}) (.*?) ?<([^>]*)> (\d+) ([+-]\d{4})(?:\t(.*))?$/;

const pathOf = (ref: ByteString) => `logs/${ref}`;

/** Oldest first, as they lie in the file; lines that are none of git's are passed over. */
export function readReflog(layout: Layout, ref: ByteString): ReflogEntry[] {
  const content = directoryOfRef(layout, ref).read(pathOf(ref), MOST_BYTES)?.toString("latin1") ?? "";
  return content.split("\n").flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: ByteString): ReflogEntry | undefined {
  const [, from, to, name, email, seconds, zone, message] = LINE.exec(line) ?? [];
  if (from === undefined || to === undefined || !isObjectId(to) || zone === undefined) return undefined;
  const who: Signature = { name: name ?? "", email: email ?? "", seconds: Number(seconds), zone };
  return { from, to, who, message: message ?? "" };
}

/** One line, whatever the message and the name hold. */
export function formatReflogLine({ from, to, who, message }: ReflogEntry): ByteString {
  const text = message.replace(/[\s\0]+/g, " ").trim();
  const identity = `${plain(who.name)} <${plain(who.email)}> ${who.seconds} ${who.zone}`;
  return `${from} ${to} ${identity}${text && `\t${text}`}\n`;
}

const plain = (words: ByteString) => words.replace(/[<>\n\0]/g, "");

/**
 * Adds to a ref's reflog, in one write; the caller holds the ref's lock.
 * @param create whether there is to be a reflog if there was none
 */
export function appendToReflog(layout: Layout, ref: ByteString, entry: ReflogEntry, create: boolean): void {
  const files = directoryOfRef(layout, ref);
  if (!create && !isFile(files, pathOf(ref))) return;
  const fd = openForAppending(files, pathOf(ref));
  try {
    writeSync(fd, Buffer.from(formatReflogLine(entry), "latin1"));
  } finally {
    closeSync(fd);
  }
}

/** An empty directory may be in the way; and another process may remove the one that the file is to lie in. */
function openForAppending(files: ConfinedFiles, path: ByteString): number {
  for (let attempt = 1; ; attempt++) {
    const { directory, name } = parentInside(files, path);
    try {
      return openSync(directory.at(name), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o666);
    } catch (error) {
      const code = errnoOf(error);
      if ((code !== "EISDIR" && code !== "ENOENT") || attempt > ATTEMPTS) throw error;
      if (code === "EISDIR") removeEmptyDirectories(files, path);
    } finally {
      directory.close();
    }
  }
}

export function removeReflog(layout: Layout, ref: ByteString): void {
  const files = directoryOfRef(layout, ref);
  if (!isFile(files, pathOf(ref))) return;
  const { directory, name } = parentInside(files, pathOf(ref));
  try {
    rmSync(directory.at(name), { force: true });
  } finally {
    directory.close();
  }
  removeEmptyParents(files, pathOf(ref), 3);
}
