import { ToolError } from "@mcp-reference/validation";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readAdvertisement } from "./advertisement.js";
import { mark, type Packet, packet, readPackets, remoteWords } from "./pkt-line.js";

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function allOf(source: AsyncIterable<Packet>): Promise<Packet[]> {
  const packets: Packet[] = [];
  for await (const each of source) packets.push(each);
  return packets;
}

const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });

test("packets are read as they were written, however they are cut", async () => {
  const line = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 200,
  });
  const part = fc.oneof(
    line,
    fc.constantFrom("flush" as const, "delimiter" as const, "end" as const).map((marker) => ({ marker })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 20 }), sizes, async (parts, cuts) => {
      const bytes = Buffer.concat(parts.map((each) => (typeof each === "string" ? packet(each) : mark(each.marker))));
      const expected = parts.map((each) =>
        typeof each === "string" ? Buffer.from(`${each}\n`, "latin1") : each.marker,
      );
      expect(await allOf(readPackets(inPieces(bytes, cuts)))).toEqual(expected);
    }),
  );
});

test.each(["0003", "zzzz", "fff1", "HTTP/1.1 200", "00", "0008ab"])("%s is no stream of packets", async (text) => {
  await expect(allOf(readPackets(inPieces(Buffer.from(text), [3])))).rejects.toThrow(ToolError);
});

test("whatever a server says first is read or refused", async () => {
  const oid = fc.constantFrom("a".repeat(40), "0".repeat(40), "A".repeat(40), "shallow", "");
  const name = fc.constantFrom(
    "HEAD",
    "refs/heads/main",
    "refs/heads/../../x",
    "refs/tags/v1^{}",
    "refs/heads/-x",
    "\0",
    "capabilities^{}",
  );
  const line = fc.oneof(
    fc.tuple(oid, name, fc.string()).map(([id, ref, rest]) => `${id} ${ref}\0${rest}`),
    fc.constantFrom(
      "version 2",
      "version 1",
      "# service=git-upload-pack",
      "ERR \u001b[31mred",
      "object-format=sha256",
      "ls-refs",
    ),
    fc.string({ unit: "binary-ascii" }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
      try {
        const { refs } = await readAdvertisement(readPackets(inPieces(Buffer.concat(lines.map(packet)), [7])));
        for (const ref of refs) expect(ref.name).not.toMatch(/\.\.|\0|\/-/);
      } catch (error) {
        expect(error).toBeInstanceOf(ToolError);
      }
    }),
    { numRuns: 500 },
  );
});

test("what a server says to people is one harmless line", () => {
  expect(remoteWords("\u001b[31mfatal:\r\n  no\u0000 ")).toBe("[31mfatal: no");
  expect(remoteWords("x".repeat(10_000)).length).toBeLessThan(400);
});
