import type { UrlGuard } from "@mcp-reference/security";
import { ToolError } from "@mcp-reference/validation";
import { textOf } from "../../repository/bytes/byte-string.js";
import type { GitConfig } from "../../repository/config/types.js";

/** `user@host:path`, as ssh has it. */
const SCP_LIKE = /^(?:[^/:@\s]+@)?(?<host>[^/:@\s]{2,}):(?!\/\/)(?<path>[^\s]*)$/;
/** What a helper program would be run for. */
const HELPER = /^(?<helper>[\w.+-]+)::/;
const SCHEME = /^(?<scheme>[\w.+-]+):\/\//;

/**
 * The URL of a repository that can be reached from here, without the user name and password it may hold: credentials come from
 * the server's configuration alone.
 * @param text as a call or a config has it
 * @throws ToolError UNSUPPORTED for ssh, git://, file and helper URLs; PERMISSION_DENIED; INVALID_ARGUMENT
 */
export function remoteUrl(text: string, guard: UrlGuard): URL {
  const scheme = SCHEME.exec(text)?.groups?.scheme?.toLowerCase();
  if (scheme !== "https" && scheme !== "http") throw unsupported(text, scheme);
  return guard.check(URL.canParse(text) ? withoutUser(new URL(text)) : text);
}

/** As {@link remoteUrl}, of one that a call gives: it must hold no credentials. */
export function givenUrl(text: string, guard: UrlGuard): URL {
  const url = remoteUrl(text, guard);
  guard.check(text);
  return url;
}

/** As people and models may see it. */
export function shownUrl(text: string): string {
  const hidden = text.replace(/^([\w.+-]+:\/\/)[^/?#]*@/, "$1").replace(/\p{C}/gu, "");
  return hidden.length > 1000 ? `${hidden.slice(0, 1000)}…` : hidden;
}

/** Applies `url.<base>.insteadOf`, and before it `pushInsteadOf` where something is pushed; the longest prefix wins, as in git. */
export function rewrittenUrl(url: string, config: GitConfig, use: "fetch" | "push"): string {
  const keys = use === "push" ? ["pushinsteadof", "insteadof"] : ["insteadof"];
  for (const key of keys) {
    const rules = config
      .subsections("url")
      .flatMap((base) =>
        config.all(`url.${base}.${key}`).map((prefix) => ({ base: textOf(base), prefix: textOf(prefix) })),
      );
    const [rule] = rules
      .filter(({ prefix }) => prefix !== "" && url.startsWith(prefix))
      .sort((a, b) => b.prefix.length - a.prefix.length);
    if (rule) return rule.base + url.slice(rule.prefix.length);
  }
  return url;
}

function withoutUser(url: URL): URL {
  const plain = new URL(url);
  plain.username = plain.password = "";
  return plain;
}

function unsupported(text: string, scheme: string | undefined): ToolError {
  const helper = HELPER.exec(text)?.groups?.helper;
  if (helper) return new ToolError("UNSUPPORTED", `${helper}:: URLs, which run a program, are not supported`);
  const { host, path } = (scheme === undefined && SCP_LIKE.exec(text)?.groups) || {};
  if (host !== undefined || scheme?.includes("ssh")) {
    const hint =
      host === undefined
        ? "Use the https:// URL of the repository"
        : `Use its https:// URL, likely https://${host}/${path}`;
    return new ToolError("UNSUPPORTED", "remotes over ssh are not supported", { hint });
  }
  const what = scheme === undefined ? "a remote that is no URL" : `${scheme}:// remotes`;
  return new ToolError("UNSUPPORTED", `${what} cannot be used: only https:// and http:// can`);
}
