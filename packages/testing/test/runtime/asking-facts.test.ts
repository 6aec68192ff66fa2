import { confirm, deletes, form, type Json, text } from "@mcp-reference/runtime";
import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { connect, errorOf, textOf, variants } from "../../src/index.js";
import { rawPeer } from "./raw-peer.js";
import { nothing, serverOf, tool } from "./testbed.js";

/** How many rows there are now, how often somebody was asked, and what was carried out. */
const world = { rows: 3, asked: 0, done: [] as unknown[] };
beforeEach(() => {
  Object.assign(world, { rows: 3, asked: 0, done: [] });
});

const purging = (name: string, grave: boolean) =>
  tool({
    name,
    description: "Removes all rows.",
    effect: deletes(),
    input: z.strictObject({ table: z.string().default("t").describe("Table") }),
    ask: () => {
      world.asked += 1;
      return confirm(`Remove ${world.rows} rows?`, { grave, facts: { rows: world.rows } });
    },
    handle(_, __, { rows }) {
      world.done.push(rows);
      return text(`approved ${rows}`);
    },
  });
const server = serverOf({ tools: [purging("purge_rows", true), purging("hide_rows", false)] });

describe.each(variants)("facts of a confirmation for $variant", (variant) => {
  test("are those the person saw, whatever has changed since", async () => {
    const shown: string[] = [];
    const elicit = ({ message }: { message: string }) => {
      shown.push(message);
      world.rows = 7;
      return { action: "accept" as const, content: {} };
    };
    const client = await connect(server, { ...variant, elicit });
    expect(textOf(await client.callTool("purge_rows"))).toBe("approved 3");
    expect(shown).toEqual(["Remove 3 rows?"]);
    expect(world).toMatchObject({ asked: 1, done: [3] });
  });

  test("come with the token, which brings them once", async () => {
    const client = await connect(server, variant);
    const preview = await client.callTool("purge_rows");
    expect(textOf(preview)).toContain("Remove 3 rows?");
    const confirmation = errorOf(preview)?.details?.["confirmation"];
    world.rows = 7;
    expect(errorOf(await client.callTool("purge_rows", { table: "u", confirmation }))?.code).toBe("INVALID_ARGUMENT");
    world.asked = 0;
    expect(textOf(await client.callTool("purge_rows", { confirmation }))).toBe("approved 3");
    expect(world).toMatchObject({ asked: 0, done: [3] });
    const again = await client.callTool("purge_rows", { confirmation });
    expect(textOf(again)).toContain("Remove 7 rows?");
    expect(world).toMatchObject({ asked: 1, done: [3] });
  });

  test("are not believed when a token says others", async () => {
    const client = await connect(server, variant);
    const preview = await client.callTool("purge_rows");
    const token = Buffer.from(String(errorOf(preview)?.details?.["confirmation"]), "base64url");
    const at = token.indexOf('"rows":3') + '"rows":'.length;
    token.write("9", at);
    const confirmation = token.toString("base64url");
    expect(errorOf(await client.callTool("purge_rows", { confirmation }))?.code).toBe("INVALID_ARGUMENT");
    expect(world.done).toEqual([]);
  });

  test.each([
    ["purge_rows", ["--confirm", "never"]],
    ["hide_rows", []],
  ])("reach %s where nobody is asked %j", async (name, argv) => {
    const client = await connect(server, { ...variant, argv });
    expect(textOf(await client.callTool(name))).toBe("approved 3");
    expect(world.asked).toBe(1);
  });
});

describe.each(variants)("any facts for $variant", (variant) => {
  const facts: Json[] = [0, false, null, "", [], { a: [1, { b: "ü" }] }, "x".repeat(4094)];
  const giving = serverOf({
    tools: [
      tool({
        name: "do_it",
        description: "Says what was approved.",
        effect: deletes(),
        input: z.strictObject({ index: z.number().describe("Which facts") }),
        ask: ({ index }) => confirm("Go on?", { facts: facts[index] ?? null }),
        handle: (_, __, approved) => text(JSON.stringify(approved)),
      }),
    ],
  });
  const elicit = () => ({ action: "accept" as const, content: {} });

  test.each(facts.map((value, index) => ({ value, index })))("arrive as they were given: $value", async (given) => {
    const { value, index } = given;
    const said = JSON.stringify(value);
    const asked = await connect(giving, { ...variant, elicit });
    expect(textOf(await asked.callTool("do_it", { index }))).toBe(said);
    const formless = await connect(giving, variant);
    const confirmation = errorOf(await formless.callTool("do_it", { index }))?.details?.["confirmation"];
    expect(textOf(await formless.callTool("do_it", { index, confirmation }))).toBe(said);
    const unasked = await connect(giving, { ...variant, argv: ["--confirm", "never"] });
    expect(textOf(await unasked.callTool("do_it", { index }))).toBe(said);
  });
});

describe.each(variants)("a tool that changes its mind about its question, before $variant", (variant) => {
  const fields = z.object({ name: z.string().default("x").describe("Name") });

  test("does not take the answer to a form for a confirmation", async () => {
    const done: unknown[] = [];
    let questions = 0;
    const fickle = serverOf({
      tools: [
        tool({
          name: "do_it",
          description: "Asks one thing, then another.",
          effect: deletes(),
          input: nothing,
          ask: () => (questions++ === 0 ? form(fields, "Which?") : confirm("Go on?", { facts: { rows: 3 } })),
          handle(_, __, answer) {
            done.push(answer);
            return text("done");
          },
        }),
      ],
    });
    const elicit = () => ({ action: "accept" as const, content: { name: "y" } });
    const client = await connect(fickle, { ...variant, elicit });
    expect(errorOf(await client.callTool("do_it"))?.code).toBe("CONFLICT");
    expect(done).toEqual([]);
  });
});

test("facts of more than 4 kB are a mistake of the tool's author", () => {
  expect(confirm("Go on?", { facts: "x".repeat(4094) }).facts).toHaveLength(4094);
  expect(() => confirm("Go on?", { facts: "x".repeat(4095) })).toThrow(RangeError);
  expect(() => confirm("Go on?", { facts: "ü".repeat(2048) })).toThrow("4098 bytes");
});

test("facts in a client's state are signed with it", async () => {
  const peer = await rawPeer(server, { capabilities: { elicitation: {} } });
  const call = (more: Record<string, unknown>) =>
    peer.request("tools/call", { name: "purge_rows", arguments: {}, ...more });
  const requestState = String((await call({})).result?.["requestState"]);
  const parts = requestState.split(".");
  const forged = parts.map((part) => {
    const words = Buffer.from(part, "base64url").toString();
    return words.includes('"rows":3') ? Buffer.from(words.replace('"rows":3', '"rows":9')).toString("base64url") : part;
  });
  expect(forged).not.toEqual(parts);
  const inputResponses = { answer: { action: "accept", content: { approve: true } } };
  expect((await call({ requestState: forged.join("."), inputResponses })).error?.code).toBe(-32602);
  expect(world.done).toEqual([]);
  expect((await call({ requestState, inputResponses })).result).not.toHaveProperty("isError");
  expect(world).toMatchObject({ asked: 1, done: [3] });
});
