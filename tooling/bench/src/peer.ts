import { execSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "./rpc-client.js";

/**
 * The command that starts a peer, which is installed from npm the first time into a cache folder: a dependency of ours it
 * must never be.
 * @param peer name and version, such as `@scope/name@1.2.3`
 */
export function peerCommand(peer: string, root: string): Command {
  const folder = join(root, "node_modules", ".cache", "bench", peer.replaceAll("/", "+"));
  const installed = join(folder, "node_modules", peer.slice(0, peer.lastIndexOf("@")));
  if (!existsSync(installed)) {
    console.error(`Installing ${peer} to compare with`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}");
    execSync(`npm install --ignore-scripts --no-audit --no-fund --loglevel=error ${peer}`, {
      cwd: folder,
      stdio: ["ignore", 2, 2],
    });
  }
  const { bin } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const file = typeof bin === "string" ? bin : Object.values<string>(bin)[0];
  if (!file) throw new Error(`${peer} has no bin`);
  return { command: process.execPath, args: [join(installed, file)] };
}
