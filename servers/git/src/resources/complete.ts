import type { Variables } from "@mcp-reference/runtime";
import { bytesOf, textOf } from "../repository/bytes/byte-string.js";
import { isDirectory } from "../repository/file-mode.js";
import type { Repository } from "../repository/repository.js";
import { resolveObject } from "../repository/revision/resolve.js";
import type { Services } from "../services.js";
import { repositoryNamed } from "./repository-named.js";

type Context = Pick<Services, "repositories">;

/** Completions that clients are given at most (a hundred) and one to tell that there are more. */
const MOST = 101;

export const completeRepository = (typed: string, { repositories }: Context): string[] =>
  [...repositories.byName().keys()].filter((name) => name.startsWith(typed));

/** Branches, tags and remote branches, by their short names. */
export const completeRevision = (typed: string, context: Context, given: Variables = {}): string[] =>
  revisionsOf(repositoryOf(context, given), typed);

/** Entries of the directory typed so far, at the revision given; directories end with a slash. */
export function completePath(typed: string, context: Context, given: Variables): string[] {
  const repo = repositoryOf(context, given);
  const directory = typed.slice(0, typed.lastIndexOf("/") + 1);
  const tree = resolveObject(repo, `${given["rev"] ?? "HEAD"}:${directory.replace(/\/$/, "")}`);
  if (tree.type !== "tree") return [];
  return repo.objects
    .tree(tree.oid)
    .map(({ name, mode }) => `${directory}${textOf(name)}${isDirectory(mode) ? "/" : ""}`)
    .filter((path) => path.startsWith(typed))
    .slice(0, MOST);
}

const repositoryOf = (context: Context, { repo }: Variables): Repository =>
  repo === undefined ? context.repositories.open() : repositoryNamed(context, repo);

function revisionsOf(repo: Repository, typed: string): string[] {
  const wanted = bytesOf(typed);
  const names = ["refs/heads/", "refs/tags/", "refs/remotes/"].flatMap((prefix) =>
    repo.refs.list(prefix).map(({ name }) => name.slice(prefix.length)),
  );
  return ["HEAD", ...names]
    .filter((name) => name.startsWith(wanted))
    .slice(0, MOST)
    .map(textOf);
}
