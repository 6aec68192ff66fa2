import { isIP } from "node:net";
import { ToolError } from "@mcp-reference/validation";
import { type AllowedHosts, bareHost } from "./allowed-hosts.js";
import { isPublicAddress } from "./public-address.js";

/** Names that never leave the machine or its network (RFC 6761, 6762, 8375, and what clouds call their metadata servers). */
const LOCAL_NAME = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa)$/;

/**
 * Ports of services that would take an HTTP request for commands of their own, from the list that browsers refuse; besides them
 * the stores that are usually open to everyone inside.
 */
const OTHER_PROTOCOLS = new Set(
  "1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 10080 11211".split(
    " ",
  ),
);

/** Which hosts may be connected to; asked for a URL, for each look-up and for each open connection. */
export class HostRules {
  readonly #allowed: AllowedHosts;

  constructor(allowed: AllowedHosts) {
    this.#allowed = allowed;
  }

  /** A host as a URL or a connection spells it. @throws ToolError PERMISSION_DENIED */
  checkHost(spelling: string, port: string): void {
    const host = bareHost(spelling);
    if (this.#allowed.has(host, port)) return;
    if (OTHER_PROTOCOLS.has(port) || port === "0") {
      throw denied(`port ${port} is not one of a web server`, `${host}:${port}`);
    }
    if (isIP(host) !== 0 ? !isPublicAddress(host) : LOCAL_NAME.test(host)) throw privateHost(host);
  }

  /** An address that a host has, by look-up or at the other end of a connection. @throws ToolError PERMISSION_DENIED */
  checkAddress(spelling: string, port: string, address: string | undefined): void {
    const host = bareHost(spelling);
    if (this.#allowed.has(host, port)) return;
    if (address === undefined || !isPublicAddress(address)) throw privateHost(host);
  }
}

const privateHost = (host: string) => denied(`${host} is not a host of the public Internet`, host);

const denied = (what: string, entry: string) =>
  new ToolError("PERMISSION_DENIED", what, {
    hint: `If it is meant, start the server with --allow-private-hosts ${entry.replace(/^([\da-f]*:[\da-f:.]*:.*)$/, "[$1]")}`,
  });
