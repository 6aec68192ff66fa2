import { reads, text, user, writes } from "@mcp-reference/runtime";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { connect, variants } from "../../src/index.js";
import { rawPeer } from "./raw-peer.js";
import { nothing, prompt, resource, serverOf, tool } from "./testbed.js";

const MANY = 251;
const each = <T>(make: (index: number) => T) => Array.from({ length: MANY }, (_, index) => make(index));

const crowded = serverOf({
  tools: each((index) =>
    tool({
      name: `tool_${index}`,
      description: `Tool ${index}.`,
      effect: index % 2 ? writes() : reads(),
      set: index < 100 ? "hundred" : "rest",
      input: nothing,
      handle: () => text(""),
    }),
  ),
  resources: [
    ...each((index) =>
      resource({ name: `fixed ${index}`, description: "Fixed.", uri: `fixed:///${index}`, read: () => ({ text: "" }) }),
    ),
    ...each((index) =>
      resource({
        name: `template ${index}`,
        description: "T.",
        template: `t${index}:///{x}`,
        read: () => ({ text: "" }),
      }),
    ),
    resource({
      name: "listed",
      description: "Lists its own.",
      template: "listed:///{index}",
      list({ position, limit }) {
        const from = position === undefined ? 0 : (position as number);
        const entries = each((index) => ({ uri: `listed:///${index}`, name: `listed ${index}`, size: index }));
        const next = from + limit < MANY ? { next: from + limit } : {};
        return { entries: entries.slice(from, from + limit), ...next };
      },
      read: () => ({ text: "" }),
    }),
  ],
  prompts: each((index) =>
    prompt({ name: `prompt_${index}`, description: "P.", args: z.strictObject({}), messages: () => [user("")] }),
  ),
});

const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

describe.each(variants)("long lists for $variant", (variant) => {
  test("arrive whole, in order, with nothing twice", async () => {
    const client = await connect(crowded, variant);
    expect(names(await client.listTools())).toEqual(each((index) => `tool_${index}`));
    expect(names(await client.listPrompts())).toEqual(each((index) => `prompt_${index}`));
    expect(names(await client.listResourceTemplates())).toEqual([...each((index) => `template ${index}`), "listed"]);
    expect(names(await client.listResources())).toEqual([
      ...each((index) => `fixed ${index}`),
      ...each((index) => `listed ${index}`),
    ]);
  });

  test("--tools takes names and sets, --read-only what does not change anything", async () => {
    const some = await connect(crowded, { ...variant, argv: ["--tools", "tool_250,hundred"] });
    expect(names(await some.listTools())).toEqual([...each((index) => `tool_${index}`).slice(0, 100), "tool_250"]);
    const reading = await connect(crowded, { ...variant, argv: ["--read-only", "--tools", "tool_1,tool_2"] });
    expect(names(await reading.listTools())).toEqual(["tool_2"]);
    expect((await reading.callTool("tool_1")).isError).toBe(true);
    expect((await reading.callTool("tool_2")).isError ?? false).toBe(false);
  });
});

test("a set that is off by default is offered where --tools names it", async () => {
  const server = { ...crowded, offByDefault: ["hundred"] };
  expect(names(await (await connect(server)).listTools())).toEqual(each((index) => `tool_${index}`).slice(100));
  const named = await connect(server, { argv: ["--tools", "hundred,tool_100"] });
  expect(names(await named.listTools())).toHaveLength(101);
  const one = await connect(server, { argv: ["--tools", "tool_7"] });
  expect(names(await one.listTools())).toEqual(["tool_7"]);
});

test("--tools with a name that is not there is bad configuration", async () => {
  await expect(connect(crowded, { argv: ["--tools", "tool_1,tool_x"] })).rejects.toMatchObject({
    problems: [expect.stringMatching(/--tools.*tool_x/)],
  });
});

describe("a page of a list", () => {
  const METHODS = ["tools/list", "resources/list", "resources/templates/list", "prompts/list"];

  test.each(METHODS)("%s has 100 entries and a cursor that only this list takes", async (method) => {
    const peer = await rawPeer(crowded);
    const first = await peer.request(method);
    const items = Object.values(first.result ?? {}).find(Array.isArray);
    expect(items).toHaveLength(100);
    const cursor = first.result?.["nextCursor"];
    const second = await peer.request(method, { cursor });
    expect(second.error).toBeUndefined();
    for (const other of METHODS.filter((name) => name !== method)) {
      expect((await peer.request(other, { cursor })).error).toMatchObject({ code: -32602 });
    }
  });

  test.each(METHODS)("%s refuses cursors it did not give out", async (method) => {
    const peer = await rawPeer(crowded);
    const elsewhere = await (await rawPeer(crowded)).request(method);
    for (const cursor of ["", "100", "nonsense", "A".repeat(60), "é", elsewhere.result?.["nextCursor"]]) {
      expect((await peer.request(method, { cursor })).error, String(cursor)).toMatchObject({ code: -32602 });
    }
    for (const cursor of [7, null, {}]) {
      expect((await peer.request(method, { cursor })).error, String(cursor)).toMatchObject({
        code: expect.any(Number),
      });
    }
  });
});

test("a server without resources, prompts or completions does not offer them", async () => {
  const client = await connect(serverOf({}));
  expect(client.capabilities).not.toHaveProperty("resources");
  expect(client.capabilities).not.toHaveProperty("prompts");
  expect(client.capabilities).not.toHaveProperty("completions");
  expect(await client.listTools()).toEqual([]);
});
