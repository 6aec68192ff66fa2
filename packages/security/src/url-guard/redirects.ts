import { ToolError } from "@mcp-reference/validation";

/** Headers that say nothing of who asks: all that another origin gets to see. */
const HARMLESS = new Set([
  "accept",
  "accept-language",
  "git-protocol",
  "if-modified-since",
  "if-none-match",
  "user-agent",
]);

/** Where a redirect leads, and what may be said there. @throws ToolError PERMISSION_DENIED, UPSTREAM */
export function nextHop({
  from,
  location,
  headers,
}: {
  from: URL;
  location: string;
  headers: Readonly<Record<string, string>>;
}): { url: URL; headers: Readonly<Record<string, string>> } {
  if (!URL.canParse(location, from.href)) {
    throw new ToolError("UPSTREAM", `${from.host} redirects to something that is not a URL`);
  }
  const url = new URL(location, from);
  if (from.protocol === "https:" && url.protocol === "http:") {
    throw new ToolError("PERMISSION_DENIED", `${from.host} redirects from https to unprotected http`);
  }
  if (url.origin === from.origin) return { url, headers };
  const kept = Object.entries(headers).filter(([name]) => HARMLESS.has(name.toLowerCase()));
  return { url, headers: Object.fromEntries(kept) };
}
