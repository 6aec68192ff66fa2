import type { UrlGuard } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, textOf } from "../../repository/bytes/byte-string.js";
import { editConfig } from "../../repository/config/edit-config.js";
import type { Signature } from "../../repository/objects/types.js";
import type { Ref, RefChange } from "../../repository/refs/types.js";
import type { Repository } from "../../repository/repository.js";
import { givenUrl, shownUrl } from "../access/remote-url.js";
import { remoteNameProblem, trackingRefspec } from "./remote-settings.js";

/** A remote as people may see it: without credentials. */
export interface RemoteListing {
  readonly name: string;
  readonly url: string;
  /** Where it differs. */
  readonly pushUrl: string | undefined;
}

const REFS_AT_ONCE = 200;

export function listRemotes({ config }: Repository): RemoteListing[] {
  return config.subsections("remote").flatMap((name) => {
    const url = config.get(`remote.${name}.url`);
    const pushUrl = config.get(`remote.${name}.pushurl`);
    if (url === undefined) return [];
    return [{ name: textOf(name), url: shownUrl(textOf(url)), pushUrl: pushUrl && shownUrl(textOf(pushUrl)) }];
  });
}

/** @throws ToolError ALREADY_EXISTS, INVALID_ARGUMENT, UNSUPPORTED, PERMISSION_DENIED */
export function addRemote(repo: Repository, name: string, url: string, guard: UrlGuard): void {
  requireName(name);
  if (exists(repo, name)) throw new ToolError("ALREADY_EXISTS", `there is a remote ${name}`);
  const checked = checkedUrl(url, guard);
  editConfig(repo, (text) => {
    text.add(sectionOf(name), "url", checked);
    text.add(sectionOf(name), "fetch", trackingRefspec(bytesOf(name)));
  });
}

/** @throws ToolError NOT_FOUND, INVALID_ARGUMENT, UNSUPPORTED, PERMISSION_DENIED */
export function setRemoteUrl(repo: Repository, name: string, url: string, guard: UrlGuard): void {
  requireRemote(repo, name);
  const checked = checkedUrl(url, guard);
  editConfig(repo, (text) => text.set(sectionOf(name), "url", checked));
}

/** Removes a remote, its tracking refs, and that branches follow it. @throws ToolError NOT_FOUND */
export function removeRemote(repo: Repository, name: string, who: Signature): void {
  requireRemote(repo, name);
  const followers = branchesOf(repo, name);
  editConfig(repo, (text) => {
    for (const branch of followers) {
      for (const key of ["remote", "merge"]) text.unset({ name: "branch", subsection: branch }, key);
    }
    text.remove(sectionOf(name));
  });
  update(
    repo,
    trackingRefs(repo, name).map(({ name: ref }) => ({ ref, to: undefined, follow: false })),
    who,
  );
}

/** Renames a remote with its tracking refs. @throws ToolError NOT_FOUND, ALREADY_EXISTS, INVALID_ARGUMENT */
export function renameRemote(repo: Repository, name: string, to: string, who: Signature): void {
  requireRemote(repo, name);
  requireName(to);
  if (exists(repo, to)) throw new ToolError("ALREADY_EXISTS", `there is a remote ${to}`);
  const [before, after] = [`refs/remotes/${bytesOf(name)}/`, `refs/remotes/${bytesOf(to)}/`];
  const tracking = trackingRefs(repo, name);
  const renamed = (ref: ByteString): ByteString => after + ref.slice(before.length);
  const refspecs = repo.config
    .all(`remote.${bytesOf(name)}.fetch`)
    .map((refspec) => refspec.replace(before, () => after));
  const followers = branchesOf(repo, name);
  const made = tracking.map(
    ({ name: ref, oid, target }): RefChange =>
      target?.startsWith(before)
        ? { ref: renamed(ref), to: undefined, target: renamed(target) }
        : { ref: renamed(ref), to: oid },
  );
  update(repo, made, who);
  editConfig(repo, (text) => {
    text.unset(sectionOf(name), "fetch");
    text.rename(sectionOf(name), sectionOf(to));
    for (const refspec of refspecs) text.add(sectionOf(to), "fetch", refspec);
    for (const branch of followers) text.set({ name: "branch", subsection: branch }, "remote", bytesOf(to));
  });
  update(
    repo,
    tracking.map(({ name: ref }) => ({ ref, to: undefined, follow: false })),
    who,
  );
}

const sectionOf = (name: string) => ({ name: "remote", subsection: bytesOf(name) });

const exists = ({ config }: Repository, name: string): boolean => config.subsections("remote").includes(bytesOf(name));

const branchesOf = ({ config }: Repository, remote: string): ByteString[] =>
  config.subsections("branch").filter((branch) => config.get(`branch.${branch}.remote`) === bytesOf(remote));

const trackingRefs = ({ refs }: Repository, remote: string): readonly Ref[] =>
  refs.list(`refs/remotes/${bytesOf(remote)}/`);

function update(repo: Repository, changes: readonly RefChange[], who: Signature): void {
  for (let at = 0; at < changes.length; at += REFS_AT_ONCE) {
    repo.refs.update(changes.slice(at, at + REFS_AT_ONCE), { who, message: "remote" });
  }
}

function requireRemote(repo: Repository, name: string): void {
  requireName(name);
  if (!exists(repo, name)) throw new ToolError("NOT_FOUND", `there is no remote ${name}`);
}

function requireName(name: string): void {
  const problem = remoteNameProblem(name);
  if (problem) throw new ToolError("INVALID_ARGUMENT", `the name of the remote ${problem}`);
}

const checkedUrl = (url: string, guard: UrlGuard): ByteString => bytesOf(givenUrl(url, guard).href);
