import { ConfigError, reads, text, user } from "@mcp-reference/runtime";
import { ToolError } from "@mcp-reference/validation";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { connect, errorOf, textOf, variants } from "../../src/index.js";
import { nothing, prompt, resource, serverOf, tool } from "./testbed.js";

const effect = reads();

const thrown: Record<string, () => unknown> = {
  NOT_FOUND: () => new ToolError("NOT_FOUND", "there is no shelf 9", { hint: "List the shelves first" }),
  RATE_LIMITED: () => new ToolError("RATE_LIMITED", "too fast", { retryAfterMs: 1500, details: { left: 0 } }),
  "a bug": () => new TypeError("cannot read secret-path"),
  "a string": () => "secret-path",
  undefined: () => undefined,
  null: () => null,
};

const fail = (name: string): never => {
  throw thrown[name]?.();
};

const server = serverOf({
  tools: [
    tool({
      name: "fail",
      description: "Fails as it is told.",
      effect,
      input: z.strictObject({ how: z.string().describe("How"), later: z.boolean().default(false).describe("Async") }),
      async handle({ how, later }) {
        if (later) await Promise.resolve();
        return fail(how);
      },
    }),
    tool({
      name: "fail_at_once",
      description: "Fails before it returns a promise.",
      effect,
      input: nothing,
      handle: () => fail("a bug"),
    }),
    tool({
      name: "take_all_sorts",
      description: "Takes all sorts.",
      effect,
      input: z.strictObject({
        path: z.string().min(1).describe("Path"),
        options: z
          .strictObject({ depth: z.number().int().max(5).describe("Depth") })
          .optional()
          .describe("Options"),
        kinds: z
          .array(z.enum(["file", "folder"]))
          .default([])
          .describe("Kinds"),
      }),
      handle: () => text("fine"),
    }),
    tool({ name: "take_nothing", description: "Takes nothing.", effect, input: nothing, handle: () => text("fine") }),
  ],
  resources: [
    resource({ name: "failing", description: "Fails.", template: "fail:///{how}", read: ({ how = "" }) => fail(how) }),
  ],
  prompts: [
    prompt({
      name: "failing",
      description: "Fails.",
      args: z.strictObject({ how: z.string().describe("How"), times: z.coerce.number().optional().describe("Times") }),
      complete: { how: () => fail("a bug") },
      messages: ({ how }) => (how === "not at all" ? [user("fine")] : fail(how)),
    }),
  ],
});

describe.each(variants)("failures for $variant", (variant) => {
  test.each([false, true])("a ToolError is told in one line, and again in _meta (async: %s)", async (later) => {
    const client = await connect(server, variant);
    const result = await client.callTool("fail", { how: "NOT_FOUND", later });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toBe("NOT_FOUND: there is no shelf 9. List the shelves first.");
    expect(errorOf(result)).toEqual({
      code: "NOT_FOUND",
      message: "there is no shelf 9",
      hint: "List the shelves first",
    });
    expect(result).not.toHaveProperty("structuredContent");
  });

  test("when to try again is told to machines", async () => {
    const client = await connect(server, variant);
    expect(errorOf(await client.callTool("fail", { how: "RATE_LIMITED" }))).toMatchObject({
      retryAfterMs: 1500,
      details: { left: 0 },
    });
  });

  test.each(["a bug", "a string", "undefined", "null"])(
    "%s becomes INTERNAL with an id that the log has too",
    async (how) => {
      const log: string[] = [];
      const client = await connect(server, { ...variant, onLog: (line) => log.push(line) });
      const result = await client.callTool("fail", { how });
      const { code, details } = errorOf(result) ?? {};
      expect(code).toBe("INTERNAL");
      expect(JSON.stringify(result)).not.toContain("secret-path");
      const entry = log.map((line) => JSON.parse(line)).find(({ id }) => id === details?.["id"]);
      expect(entry).toMatchObject({ level: "error" });
      if (how === "a bug") expect(entry.err.stack).toContain("failures.test.ts");
      if (how === "a string") expect(JSON.stringify(entry)).toContain("secret-path");
    },
  );

  test("a handler that throws before it returns a promise is no different", async () => {
    const client = await connect(server, variant);
    expect(errorOf(await client.callTool("fail_at_once"))).toMatchObject({ code: "INTERNAL" });
    expect(textOf(await client.callTool("take_nothing"))).toBe("fine");
  });

  test.each([
    [{ pth: "x" }, /unknown field "pth"/, /path, options, kinds/],
    [{ path: "x", options: { depth: 1, deep: 2 } }, /unknown field "options.deep"/, /depth/],
    [{ path: "" }, /path: /, undefined],
    [{ path: "x", options: { depth: 6 } }, /options\.depth: /, undefined],
    [{ path: "x", kinds: ["file", "socket"] }, /kinds\.1: .*"file"/, undefined],
    [{ path: 7 }, /path: .*string/, undefined],
    [{ path: null, kinds: 3 }, /path: .*; kinds: /, undefined],
  ])("%j is INVALID_ARGUMENT that says where", async (args, words, hint) => {
    const client = await connect(server, variant);
    const result = await client.callTool("take_all_sorts", args);
    expect(textOf(result)).toMatch(/^INVALID_ARGUMENT: take_all_sorts: /);
    expect(textOf(result)).toMatch(words);
    if (hint) expect(errorOf(result)?.hint).toMatch(hint);
  });

  test("a field given to a tool that takes none is answered with sense", async () => {
    const client = await connect(server, variant);
    const result = await client.callTool("take_nothing", { surprise: 1 });
    expect(textOf(result)).toMatch(/"surprise"\. It takes no fields/);
  });

  test("__proto__ changes nothing", async () => {
    const client = await connect(server, variant);
    await client.callTool("take_all_sorts", JSON.parse('{"path": "x", "__proto__": {"polluted": true}}'));
    expect({}).not.toHaveProperty("polluted");
  });

  test.each([
    ["NOT_FOUND", "there is no shelf 9"],
    ["RATE_LIMITED", "too fast"],
  ])("a resource's %s is a protocol error with all of it", async (how, message) => {
    const client = await connect(server, variant);
    const error = await client.readResource(`fail:///${how}`).catch((reason) => reason);
    expect(error).toMatchObject({ code: expect.any(Number), message: expect.stringContaining(message) });
    expect(error.message).toContain(how);
    expect(error.code).toBe(-32602);
    expect(error.data).toMatchObject(
      how === "NOT_FOUND" ? { uri: `fail:///${how}` } : { code: how, retryAfterMs: 1500 },
    );
  });

  test("a resource nobody declared is not found", async () => {
    const client = await connect(server, variant);
    const error = await client.readResource("other:///x").catch((reason) => reason);
    expect(error).toMatchObject({ code: -32602, data: { uri: "other:///x" } });
    expect(error.message).toContain("other:///x");
  });

  test.each(["a bug", "undefined"])(
    "%s in resources, prompts and completions is an internal error with an id",
    async (how) => {
      const log: string[] = [];
      const client = await connect(server, { ...variant, onLog: (line) => log.push(line) });
      const completion = {
        ref: { type: "ref/prompt" as const, name: "failing" },
        argument: { name: "how", value: "" },
      };
      const attempts = [
        client.readResource(`fail:///${encodeURIComponent(how)}`),
        client.getPrompt("failing", { how }),
        client.complete(completion),
      ];
      for (const attempt of attempts) {
        const error = await attempt.catch((reason) => reason);
        expect(error).toMatchObject({ code: -32603, data: { code: "INTERNAL", details: { id: expect.any(String) } } });
        expect(JSON.stringify([error.message, error.data])).not.toContain("secret-path");
        expect(log.join("")).toContain(error.data.details.id);
      }
    },
  );

  test.each([
    ["no_such_prompt", {}, /no_such_prompt/],
    ["failing", {}, /how/],
    ["failing", { how: "not at all", times: "often" }, /times/],
    ["failing", { how: "not at all", surprise: "1" }, /"surprise".*Accepted fields: how, times/],
  ])("prompt %s with %j is refused as invalid", async (name, args, words) => {
    const client = await connect(server, variant);
    const error = await client.getPrompt(name, args as Record<string, string>).catch((reason) => reason);
    expect(error).toMatchObject({ code: -32602, message: expect.stringMatching(words) });
  });

  test("a server that cannot serve this caller says so in every call", async () => {
    const refusing = serverOf({
      tools: [tool({ name: "wait", description: "Waits.", effect, input: nothing, handle: () => text("served") })],
      forCaller: () => {
        throw new ConfigError("none of your folders exists");
      },
    });
    const client = await connect(refusing, variant);
    expect(textOf(await client.callTool("wait"))).toMatch(/^UNAVAILABLE: none of your folders exists/);
  });

  test("a caller that could not be served for a moment is served by the next call", async () => {
    let attempts = 0;
    const recovering = serverOf({
      tools: [tool({ name: "wait", description: "Waits.", effect, input: nothing, handle: () => text("served") })],
      forCaller: (services) => {
        attempts += 1;
        if (attempts <= 1) throw new Error("the database starts up");
        return services;
      },
    });
    const client = await connect(recovering, variant);
    await client.callTool("wait");
    expect(textOf(await client.callTool("wait"))).toBe("served");
  });
});
