import { once } from "node:events";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { WholeLines } from "./whole-lines.js";

test("passes on every line as it came, each piece ending with a line", async () => {
  const piece = fc.constantFrom("", "a", "bc", "\n", "d\ne", "\n\n").map((text) => Buffer.from(text));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
      const whole = Buffer.concat(pieces).toString();
      const lines = Readable.from(pieces).pipe(new WholeLines(1000));
      const seen: string[] = [];
      lines.on("data", (line: Buffer) => seen.push(line.toString()));
      expect((await buffer(lines)).toString()).toBe(whole.slice(0, whole.lastIndexOf("\n") + 1));
      for (const line of seen) expect(line.endsWith("\n")).toBe(true);
    }),
  );
});

test("ends with an error on a line that never ends", async () => {
  const lines = new WholeLines(10);
  lines.write("12345");
  lines.write("678901");
  const [error] = await once(lines, "error");
  expect(error.message).toContain("maximum of 10 bytes");
});
