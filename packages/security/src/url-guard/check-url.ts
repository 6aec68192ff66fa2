import { ToolError } from "@mcp-reference/validation";
import { portOf } from "./allowed-hosts.js";
import type { HostRules } from "./host-rules.js";

const LONGEST_URL = 8192;

/**
 * What parsers disagree about: one strips or turns it, the next one connects elsewhere.
 * (Spaces, control characters, backslashes.)
 */
const DISPUTED = /[\s\\\p{Cc}]/u;

/**
 * Parses a URL and refuses the ones that must not be requested. A look at the spelling alone: what a name resolves to is checked
 * when it is connected to.
 * @throws ToolError INVALID_ARGUMENT, UNSUPPORTED, PERMISSION_DENIED; none of them repeats the URL, which may hold a password
 */
export function checkUrl(input: string | URL, rules: HostRules): URL {
  const text = String(input);
  if (text.length > LONGEST_URL) throw new ToolError("INVALID_ARGUMENT", `a URL has at most ${LONGEST_URL} characters`);
  if (DISPUTED.test(text) || !URL.canParse(text)) {
    throw new ToolError("INVALID_ARGUMENT", "that is not a URL", { hint: "Give an absolute https:// URL" });
  }
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new ToolError("UNSUPPORTED", `${url.protocol} URLs are not supported`, { hint: "Give an https:// URL" });
  }
  if (url.username !== "" || url.password !== "") {
    throw new ToolError("INVALID_ARGUMENT", "the URL holds a user name or password", {
      hint: "Leave them out: credentials belong into the server's configuration",
    });
  }
  rules.checkHost(url.hostname, portOf(url));
  return url;
}
