import { mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf, fromErrno } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf } from "../../repository/bytes/byte-string.js";
import { ConfigText } from "../settings/config-text.js";

/** What a clone knows before anything has arrived. */
export interface NewRepository {
  readonly url: string;
  /** Full name of the branch that `HEAD` stands for. */
  readonly head: ByteString;
  /** Refspec of `origin`. */
  readonly fetch: ByteString;
}

/**
 * Makes an empty repository with a remote. The path is new or an empty directory, and its parent is there.
 * @returns what takes it away again, with all that was put into it meanwhile
 * @throws ToolError ALREADY_EXISTS, NOT_FOUND, PERMISSION_DENIED
 */
export function makeRepository(path: string, repository: NewRepository): { remove(): void } {
  const wasThere = makeDirectory(path);
  const remove = () => {
    if (!wasThere) return rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const git = join(path, ".git");
    mkdirSync(git);
    for (const part of ["objects", "objects/pack", "objects/info", "refs", "refs/heads", "refs/tags", "info"]) {
      mkdirSync(join(git, part));
    }
    write(join(git, "HEAD"), `ref: ${repository.head}\n`);
    write(join(git, "config"), configOf(repository));
    return { remove };
  } catch (error) {
    remove();
    throw fromErrno(error, path);
  }
}

/** @returns whether it was there */
function makeDirectory(path: string): boolean {
  try {
    mkdirSync(path);
    return false;
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw fromErrno(error, path);
  }
  try {
    // A link is not followed, and neither is one in the place of a parent: the path was resolved before.
    if (realpathSync(path) === path && readdirSync(path).length === 0) return true;
  } catch (error) {
    if (errnoOf(error) !== "ENOTDIR") throw fromErrno(error, path);
  }
  throw new ToolError("ALREADY_EXISTS", `${path} is there and not an empty directory`, {
    hint: "Clone to another path",
  });
}

const write = (path: string, text: ByteString): void => writeFileSync(path, text, { encoding: "latin1", flag: "wx" });

function configOf({ url, head, fetch }: NewRepository): ByteString {
  const isWindows = process.platform === "win32";
  const core = {
    repositoryformatversion: "0",
    filemode: String(!isWindows),
    bare: "false",
    logallrefupdates: "true",
    ...(isWindows && { symlinks: "false" }),
    ...(process.platform === "darwin" && { ignorecase: "true", precomposeunicode: "true" }),
  };
  const lines = Object.entries(core).map(([key, value]) => `\t${key} = ${value}\n`);
  const text = new ConfigText(`[core]\n${lines.join("")}`);
  const origin = { name: "remote", subsection: "origin" };
  text.add(origin, "url", bytesOf(url));
  text.add(origin, "fetch", fetch);
  const branch = { name: "branch", subsection: head.replace(/^refs\/heads\//, "") };
  text.add(branch, "remote", "origin");
  text.add(branch, "merge", head);
  return text.toString();
}
