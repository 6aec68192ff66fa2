import { blocks, image, reads, text } from "@mcp-reference/runtime";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { connect, deferred, errorOf, textOf, variants } from "../../src/index.js";
import { nothing, resource, serverOf, tool } from "./testbed.js";

const effect = reads();
const declare = { description: "Does its part in a test.", effect, input: nothing };
const bytes = z.number().int().describe("How many");

describe.each(variants)("the deadline for $variant", (variant) => {
  test.each([
    ["heeds its signal", true],
    ["ignores its signal", false],
  ])("ends a call that %s", async (_, heeds) => {
    const reason = deferred<unknown>();
    const server = serverOf({
      tools: [
        tool({
          ...declare,
          name: "hang",
          handle: (_, { signal }) =>
            new Promise<never>((_, reject) => {
              signal.addEventListener("abort", () => {
                reason.resolve(signal.reason);
                if (heeds) reject(signal.reason);
              });
            }),
        }),
      ],
    });
    const client = await connect(server, { ...variant, argv: ["--timeout", "0.1"] });
    const result = await client.callTool("hang");
    expect(errorOf(result)).toMatchObject({ code: "TIMEOUT", hint: expect.stringContaining("--timeout") });
    expect(textOf(result)).toContain("0.1 s");
    expect(await reason.promise).toMatchObject({ code: "TIMEOUT" });
  });

  test("holds for resources as a protocol error", async () => {
    const read = () => new Promise<never>(() => {});
    const server = serverOf({ resources: [resource({ name: "slow", description: "Slow.", uri: "slow:///", read })] });
    const client = await connect(server, { ...variant, argv: ["--timeout", "0.1"] });
    await expect(client.readResource("slow:///")).rejects.toMatchObject({ data: { code: "TIMEOUT" } });
  });
});

describe.each(variants)("calls at once for $variant", (variant) => {
  test("8 run, 64 wait, the next is RATE_LIMITED; those that wait run in order", async () => {
    const order: number[] = [];
    const release = deferred();
    let running = 0;
    let most = 0;
    const server = serverOf({
      tools: [
        tool({
          ...declare,
          name: "hold",
          input: z.strictObject({ index: z.number().describe("Which") }),
          async handle({ index }) {
            order.push(index);
            most = Math.max(most, ++running);
            await release.promise;
            running--;
            return text(String(index));
          },
        }),
      ],
    });
    const client = await connect(server, variant);
    const calls = Array.from({ length: 73 }, (_, index) => client.callTool("hold", { index }));
    const refused = await Promise.race(calls); // only a refusal can come before the release
    expect(errorOf(refused)).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: expect.any(Number) });
    expect(order).toHaveLength(8);
    release.resolve();
    const results = await Promise.all(calls);
    expect(results.filter((result) => result.isError)).toHaveLength(1);
    expect(most).toBe(8);
    expect(order).toEqual(Array.from({ length: 72 }, (_, index) => index));
    expect(textOf(await client.callTool("hold", { index: 99 }))).toBe("99");
  });

  test("a server says how many run; as many wait as before", async () => {
    const release = deferred();
    let running = 0;
    const server = serverOf({
      concurrency: 2,
      tools: [
        tool({
          ...declare,
          name: "hold",
          async handle() {
            running++;
            await release.promise;
            return text("held");
          },
        }),
      ],
    });
    const client = await connect(server, variant);
    const calls = Array.from({ length: 67 }, () => client.callTool("hold"));
    expect(errorOf(await Promise.race(calls))?.message).toContain("2 calls run and 64 wait");
    expect(running).toBe(2);
    release.resolve();
    expect((await Promise.all(calls)).filter((result) => result.isError)).toHaveLength(1);
    expect(running).toBe(66);
  });

  test("a failed call gives its place back", async () => {
    const server = serverOf({
      tools: [
        tool({
          ...declare,
          name: "fail",
          handle() {
            throw new Error("no");
          },
        }),
      ],
    });
    const client = await connect(server, variant);
    for (let round = 0; round < 50; round++) await client.callTool("fail");
    expect(errorOf(await client.callTool("fail"))).toMatchObject({ code: "INTERNAL" });
  });
});

test.each(variants)("--rate-limit counts calls of every kind ($variant)", async (variant) => {
  const server = serverOf({
    tools: [tool({ ...declare, name: "answer", handle: () => text("fine") })],
    resources: [resource({ name: "r", description: "R.", uri: "r:///", read: () => ({ text: "fine" }) })],
  });
  const client = await connect(server, { ...variant, argv: ["--rate-limit", "6"] });
  const calls = await Promise.all(Array.from({ length: 20 }, () => client.callTool("answer")));
  const errors = calls.flatMap((call) => errorOf(call) ?? []);
  expect(errors.length).toBeGreaterThan(10);
  expect(errors.length).toBeLessThan(20);
  for (const error of errors) expect(error).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: expect.any(Number) });
  await expect(client.readResource("r:///")).rejects.toMatchObject({
    data: { code: "RATE_LIMITED", retryAfterMs: expect.any(Number) },
  });
});

describe.each(variants)("--max-output for $variant", (variant) => {
  const input = z.strictObject({ bytes });
  const server = serverOf({
    tools: [
      tool({ ...declare, name: "text", input, handle: ({ bytes }) => text("ü".repeat(bytes / 2)) }),
      tool({ ...declare, name: "note", input, handle: ({ bytes }) => text("", "n".repeat(bytes)) }),
      tool({
        ...declare,
        name: "object",
        input,
        output: z.object({ words: z.string().describe("Words") }),
        handle: ({ bytes }) => ({ words: "w".repeat(bytes - "words: ".length) }),
      }),
      tool({
        ...declare,
        name: "media",
        input,
        handle: ({ bytes }) => blocks(image(Buffer.alloc(bytes), "image/png")),
      }),
    ],
    resources: [
      resource({
        name: "text",
        description: "Text.",
        template: "text:///{bytes}",
        read: ({ bytes }) => ({ text: "t".repeat(Number(bytes)) }),
      }),
      resource({
        name: "blob",
        description: "Bytes.",
        template: "blob:///{bytes}",
        read: ({ bytes }) => ({ blob: Buffer.alloc(Number(bytes)) }),
      }),
    ],
  });
  const argv = ["--max-output", "2k"];

  test.each(["text", "note", "object"])("%s: as much as allowed, and not a byte more", async (name) => {
    const client = await connect(server, { ...variant, argv });
    expect(errorOf(await client.callTool(name, { bytes: 2048 }))).toBeUndefined();
    const error = errorOf(await client.callTool(name, { bytes: 2050 }));
    expect(error).toMatchObject({ code: "TOO_LARGE", hint: expect.stringContaining("--max-output") });
    expect(error?.message).toMatch(/2050.*2048/);
  });

  test("media are allowed sixteen times as much", async () => {
    const client = await connect(server, { ...variant, argv });
    expect(errorOf(await client.callTool("media", { bytes: 2048 * 12 }))).toBeUndefined();
    expect(errorOf(await client.callTool("media", { bytes: 2048 * 17 }))).toMatchObject({ code: "TOO_LARGE" });
  });

  test("resources are held to it too", async () => {
    const client = await connect(server, { ...variant, argv });
    await client.readResource("text:///2048");
    await client.readResource(`blob:///${2048 * 16}`);
    for (const uri of ["text:///2049", `blob:///${2048 * 16 + 1}`]) {
      await expect(client.readResource(uri)).rejects.toMatchObject({ data: { code: "TOO_LARGE" } });
    }
  });
});
