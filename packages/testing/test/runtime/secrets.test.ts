import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { reads, text, user } from "@mcp-reference/runtime";
import { ToolError } from "@mcp-reference/validation";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { connect, errorOf, tempDir, textOf, variants } from "../../src/index.js";
import { nothing, prompt, resource, serverOf, tool } from "./testbed.js";

const SECRET = 'tok"en-\\with-\u00fcmlaut-5b1f6c0e';
const env = { API_TOKEN: SECRET };
const effect = reads();
const declare = { description: "Lets its secret out.", effect, input: nothing };

/** A server that says its secret wherever it can. */
const leaky = serverOf({
  config: z.object({ token: z.string().optional().describe("Token").meta({ secret: true, env: "API_TOKEN" }) }),
  tools: [
    tool({ ...declare, name: "leak_text", handle: () => text(`a ${SECRET} b`, `and ${SECRET}`) }),
    tool({
      ...declare,
      name: "leak_object",
      output: z.object({
        words: z.string().describe("Words"),
        list: z.array(z.string()).describe("List"),
        map: z.record(z.string(), z.string()).describe("Map"),
      }),
      handle: () => ({ words: SECRET, list: ["x", SECRET], map: { [SECRET]: "as a key" } }),
    }),
    tool({
      ...declare,
      name: "leak_error",
      handle: () => {
        throw new ToolError("UPSTREAM", `refused ${SECRET}`, { hint: `not ${SECRET}`, details: { header: SECRET } });
      },
    }),
    tool({
      ...declare,
      name: "leak_progress",
      handle(_, { progress, log }) {
        progress(1, 2, `using ${SECRET}`);
        log.info({ token: SECRET }, `using ${SECRET}`);
        return text("done");
      },
    }),
  ],
  resources: [
    resource({
      name: "leak",
      description: "Leaks.",
      uri: "leak:///text",
      list: () => ({ entries: [{ uri: "leak:///text", name: "leak", description: SECRET }] }),
      read: () => ({ text: SECRET, meta: { token: SECRET } }),
    }),
    resource({
      name: "fail",
      description: "Fails.",
      template: "fail:///{x}",
      complete: { x: () => [SECRET] },
      read: () => {
        throw new ToolError("UPSTREAM", `refused ${SECRET}`, { details: { header: SECRET } });
      },
    }),
  ],
  prompts: [prompt({ name: "leak", description: "Leaks.", args: z.strictObject({}), messages: () => [user(SECRET)] })],
});

describe.each(variants)("a configured secret, before $variant", (variant) => {
  const hidden = (given: unknown) => {
    const words = JSON.stringify(given);
    expect(words).not.toContain(JSON.stringify(SECRET).slice(1, -1));
    expect(words).toContain("[redacted]");
  };

  test.each(["leak_text", "leak_object", "leak_error"])("is taken out of what %s says", async (name) => {
    const client = await connect(leaky, { ...variant, env });
    hidden(await client.callTool(name));
  });

  test("is taken out of resources, their lists and errors", async () => {
    const client = await connect(leaky, { ...variant, env });
    hidden(await client.readResource("leak:///text"));
    hidden(await client.listResources());
    const error = await client.readResource("fail:///x").catch((reason) => reason);
    hidden([error.message, error.data]);
  });

  test("is taken out of prompts and completions", async () => {
    const client = await connect(leaky, { ...variant, env });
    hidden(await client.getPrompt("leak"));
    const ref = { type: "ref/resource" as const, uri: "fail:///{x}" };
    hidden(await client.complete({ ref, argument: { name: "x", value: "" } }));
  });

  test("is taken out of progress and logs", async () => {
    const log: string[] = [];
    const client = await connect(leaky, { ...variant, env, onLog: (line) => log.push(line) });
    const steps: unknown[] = [];
    await client.callTool("leak_progress", {}, { onProgress: (step) => steps.push(step) });
    hidden(steps);
    hidden(log.map((line) => JSON.parse(line)));
  });

  test("leaves text alone where none is configured", async () => {
    const client = await connect(leaky, variant);
    expect(textOf(await client.callTool("leak_text"))).toBe(`a ${SECRET} b\nand ${SECRET}`);
  });
});

describe.each(variants)("a secret that the server found, before $variant", (variant) => {
  const FOUND = "pass word+in&a-file-77c2";
  const finding = (found: readonly string[]) =>
    serverOf({
      config: z.object({ token: z.string().optional().describe("Token").meta({ secret: true, env: "API_TOKEN" }) }),
      open(_, { keepSecret, log }) {
        for (const each of found) keepSecret(each);
        log.info(`read ${FOUND}`);
        return {};
      },
      tools: [
        tool({ ...declare, name: "leak_text", handle: () => text(`a ${FOUND} b`, encodeURIComponent(FOUND)) }),
        tool({
          ...declare,
          name: "leak_error",
          handle: () => {
            throw new ToolError("UPSTREAM", `refused ${FOUND}`, { hint: `not ${FOUND}`, details: { url: FOUND } });
          },
        }),
        tool({
          ...declare,
          name: "leak_crash",
          handle: () => {
            throw new Error(`cannot use ${FOUND}`);
          },
        }),
      ],
    });
  const shows = (given: unknown) => /pass(%20| )word/.test(JSON.stringify(given));

  test("is taken out of results, errors and logs, beside the configured ones", async () => {
    const lines: string[] = [];
    const client = await connect(finding([FOUND]), { ...variant, env, onLog: (line) => lines.push(line) });
    const said = await client.callTool("leak_text");
    expect(textOf(said)).toBe("a [redacted] b\n[redacted]");
    const failed = [await client.callTool("leak_error"), await client.callTool("leak_crash")];
    expect(failed.map((result) => errorOf(result)?.code)).toEqual(["UPSTREAM", "INTERNAL"]);
    expect(lines.join("")).toMatch(/read \[redacted\].*cannot use \[redacted\]/s);
    expect([said, failed, lines].map(shows)).toEqual([false, false, false]);
  });

  test("is known to be one only then; an empty one is none", async () => {
    const client = await connect(finding([""]), variant);
    expect(textOf(await client.callTool("leak_text"))).toContain(`a ${FOUND} b`);
  });

  test("may be found later", async () => {
    let keepSecret = (_found: string) => {};
    const late = serverOf({
      open(_, context) {
        keepSecret = context.keepSecret;
        return {};
      },
      tools: [tool({ ...declare, name: "leak_text", handle: () => text(`a ${FOUND} b`) })],
    });
    const client = await connect(late, variant);
    expect(textOf(await client.callTool("leak_text"))).toBe(`a ${FOUND} b`);
    keepSecret(FOUND);
    expect(textOf(await client.callTool("leak_text"))).toBe("a [redacted] b");
  });
});

describe.each(variants)("the audit log of calls by $variant", (variant) => {
  const server = serverOf({
    tools: [
      tool({
        name: "write_words",
        description: "Writes.",
        effect,
        input: z.strictObject({ words: z.string().describe("Words") }),
        handle: ({ words }) => text(words),
      }),
    ],
    resources: [
      resource({ name: "r", description: "R.", uri: "r:///private-name", read: () => ({ text: "content" }) }),
    ],
  });

  test("has a line a call with its outcome, and nothing of what was said", async () => {
    const path = join(await tempDir(), "audit.jsonl");
    const client = await connect(server, { ...variant, argv: ["--audit-log", path] });
    await client.callTool("write_words", { words: "private words" });
    await client.callTool("write_words", { words: "private words" });
    await client.callTool("write_words", { wrong: "private words" });
    await client.callTool("no_such_tool", { words: "private words" });
    await client.readResource("r:///private-name");
    await client.close();
    const written = await readFile(path, "utf8");
    expect(written).not.toMatch(/private|content/);
    const lines = written
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ principal, tool, outcome }) => [principal, tool, outcome])).toEqual([
      ["local", "write_words", "ok"],
      ["local", "write_words", "ok"],
      ["local", "write_words", "INVALID_ARGUMENT"],
      ["local", "no_such_tool", "NOT_FOUND"],
      ["local", "resources/read", "ok"],
    ]);
    expect(lines[0].argumentDigest).toBe(lines[1].argumentDigest);
    expect(lines[0].argumentDigest).not.toBe(lines[2].argumentDigest);
    for (const { time, durationMs } of lines) {
      expect(new Date(time).getTime()).toBeGreaterThan(0);
      expect(durationMs).toBeGreaterThanOrEqual(0);
    }
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  test("names the caller, and what it was refused", async () => {
    const path = join(await tempDir(), "audit.jsonl");
    const caller = { id: "alice", scopes: new Set(["testbed:write"]) };
    const client = await connect(server, { ...variant, caller, argv: ["--audit-log", path] });
    const result = await client.callTool("write_words", { words: "x" });
    expect(errorOf(result)).toMatchObject({ code: "PERMISSION_DENIED", details: { scope: "testbed:read" } });
    await client.close();
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      principal: "alice",
      outcome: "PERMISSION_DENIED",
    });
  });
});
