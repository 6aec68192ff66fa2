import { ToolError } from "@mcp-reference/validation";
import { type ByteString, bytesOf, textOf } from "../../repository/bytes/byte-string.js";
import { refNameProblem } from "../../repository/refs/ref-format.js";
import type { Repository } from "../../repository/repository.js";
import { rewrittenUrl } from "../access/remote-url.js";
import { parseRefspec, type Refspec } from "./refspec.js";

/** What the repository's config says of a remote. Proxies, headers and TLS settings that it may name are not used. */
export interface RemoteSettings {
  readonly name: ByteString;
  /** As they are written, credentials and all. */
  readonly url: string;
  readonly pushUrl: string;
  readonly fetch: readonly Refspec[];
}

/** @throws ToolError NOT_FOUND naming the others, INVALID_ARGUMENT for a refspec that cannot be used */
export function remoteSettings({ config }: Repository, remote: string): RemoteSettings {
  const name = bytesOf(remote);
  const url = config.get(`remote.${name}.url`);
  if (url === undefined || remoteNameProblem(remote)) {
    const others = config.subsections("remote").map(textOf).slice(0, 20).join(", ");
    throw new ToolError("NOT_FOUND", `there is no remote ${remote}`, {
      hint: others ? `Use one of ${others}` : "Add one with git_remote",
    });
  }
  const pushUrl = config.get(`remote.${name}.pushurl`);
  const written = config.all(`remote.${name}.fetch`);
  return {
    name,
    url: rewrittenUrl(textOf(url), config, "fetch"),
    pushUrl:
      pushUrl === undefined
        ? rewrittenUrl(textOf(url), config, "push")
        : rewrittenUrl(textOf(pushUrl), config, "fetch"),
    fetch: (written.length > 0 ? written : [trackingRefspec(name)]).map(parseRefspec),
  };
}

export const trackingRefspec = (remote: ByteString, branch: ByteString = "*"): ByteString =>
  `+refs/heads/${branch}:refs/remotes/${remote}/${branch}`;

/** Why this cannot name a remote; undefined where it can. */
export const remoteNameProblem = (name: string): string | undefined =>
  name.startsWith("-") ? 'begins with "-"' : refNameProblem(`refs/remotes/${bytesOf(name)}/x`);

/** The remote that is meant when none is named: that of the current branch, else `origin`, else the only one. */
export function defaultRemote({ config, refs }: Repository): string {
  const head = refs.head();
  const branch = head.kind === "branch" ? head.ref.replace(/^refs\/heads\//, "") : undefined;
  const configured = branch === undefined ? undefined : config.get(`branch.${branch}.remote`);
  if (configured !== undefined && configured !== ".") return textOf(configured);
  const [only, ...others] = config.subsections("remote");
  return textOf(others.length === 0 && only !== undefined ? only : "origin");
}

/** Full name of the remote's branch that a branch here follows; undefined where it follows none of that remote. */
export function upstreamOf({ config }: Repository, branch: ByteString, remote: ByteString): ByteString | undefined {
  const short = branch.replace(/^refs\/heads\//, "");
  const merge = config.get(`branch.${short}.merge`);
  return config.get(`branch.${short}.remote`) === remote && merge?.startsWith("refs/") ? merge : undefined;
}
