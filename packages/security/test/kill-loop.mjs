/** Replaces `root/f` for ever, with one letter repeated; the letter changes each time. For the test that kills it. */
import { openSandbox } from "@mcp-reference/security";

const [root, size, portable] = process.argv.slice(2);
const sandbox = await openSandbox({ roots: [{ path: root }], portable: portable === "true" });
for (let turn = 0; ; turn++) {
  const content = "abcdefghij".charAt(turn % 10).repeat(Number(size));
  await sandbox.replace("f", { mode: "overwrite" }, async (handle) => {
    for (let at = 0; at < content.length; at += 65_536) await handle.write(content.slice(at, at + 65_536));
  });
  if (turn === 0) process.stdout.write("ready\n");
}
