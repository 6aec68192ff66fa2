import { lstatSync, rmdirSync, unlinkSync } from "node:fs";
import { fromErrno } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, textOf } from "../../repository/bytes/byte-string.js";
import type { HeldDirectory } from "../../repository/confined/held-directory.js";
import { joined } from "./byte-path.js";
import { openDirectory } from "./open-directory.js";

/** Levels of directories that are removed; deeper ones were made to exhaust us. */
const DEEPEST = 512;

/**
 * Removes a file, a link itself, or a directory with all in it; nothing where there is nothing.
 * @param path for messages
 * @throws ToolError CONFLICT where a directory holds a repository: its history may be nowhere else. It is looked for first.
 */
export function removeDirectory(parent: HeldDirectory, name: ByteString, path: ByteString): void {
  try {
    const stats = lstatSync(parent.at(name), { throwIfNoEntry: false });
    if (!stats) return;
    if (!stats.isDirectory()) {
      unlinkSync(parent.at(name));
      return;
    }
    visit(parent, name, path, refuseRepository);
    visit(parent, name, path, removeEntry);
    rmdirSync(parent.at(name));
  } catch (error) {
    throw fromErrno(error, textOf(path));
  }
}

type Visitor = (directory: HeldDirectory, name: ByteString, isDirectory: boolean, path: ByteString) => void;

/** Visits what is below a directory, contents before their directory. */
function visit(parent: HeldDirectory, name: ByteString, path: ByteString, visitor: Visitor, depth = 0): void {
  if (depth > DEEPEST) throw new ToolError("TOO_LARGE", `${textOf(path)} is more than ${DEEPEST} directories deep`);
  const directory = openDirectory(parent, name);
  try {
    for (const entry of directory.entries()) {
      const child = entry.name.toString("latin1");
      const childPath = joined(path, child);
      if (entry.isDirectory()) visit(directory, child, childPath, visitor, depth + 1);
      visitor(directory, child, entry.isDirectory(), childPath);
    }
  } finally {
    directory.close();
  }
}

function refuseRepository(_directory: HeldDirectory, name: ByteString, _isDirectory: boolean, path: ByteString): void {
  if (name.toLowerCase() !== ".git") return;
  throw new ToolError("CONFLICT", `${textOf(path)} is a repository of its own where a tracked file has to be`, {
    hint: "Move it away first",
  });
}

function removeEntry(directory: HeldDirectory, name: ByteString, isDirectory: boolean): void {
  if (isDirectory) rmdirSync(directory.at(name));
  else unlinkSync(directory.at(name));
}
