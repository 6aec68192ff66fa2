// A bin that does everything wrong which the contract forbids.
import { createInterface } from "node:readline";

const args = process.argv.slice(2);
console.log("Broken server starting");
process.stderr.write(`token is ${process.env.BROKEN_TOKEN}\n`);
if (args.includes("--version") || args.includes("--help")) process.exit(3);
if (args.includes("--no-such-flag")) {
  process.stderr.write("Error: bad\n    at somewhere\n    at somewhere else\n");
  process.exit(1);
}
process.on("SIGTERM", () => {});
setInterval(() => {}, 1000);
setTimeout(() => process.exit(4), 500);

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method } = JSON.parse(line.startsWith("{") ? line : "{}");
  if (id === undefined || method === "tools/list") return;
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result: {} })}\n`);
});
