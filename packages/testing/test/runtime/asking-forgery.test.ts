import { confirm, deletes, text } from "@mcp-reference/runtime";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import type { JsonRpcMessage } from "../../src/index.js";
import { type RawPeer, rawPeer } from "./raw-peer.js";
import { serverOf, tool } from "./testbed.js";

const removed: string[] = [];
const removing = (name: string) =>
  tool({
    name,
    description: "Removes a file for good.",
    effect: deletes(),
    input: z.strictObject({ path: z.string().describe("Path") }),
    ask: ({ path }) => confirm(`Remove ${path}?`),
    handle({ path }) {
      removed.push(path);
      return text("removed");
    },
  });
const server = serverOf({ tools: [removing("remove_file"), removing("shred_file")] });

const capabilities = { elicitation: { form: {} } };
const inputResponses = { answer: { action: "accept", content: { approve: true } } };

let peer: RawPeer;
beforeEach(async () => {
  removed.length = 0;
  peer = await rawPeer(server, { capabilities });
});

const call = (params: Record<string, unknown>, name = "remove_file", path = "/a") =>
  peer.request("tools/call", { name, arguments: { path }, ...params });

async function asked(): Promise<{ requestState: string }> {
  const { result } = await call({});
  expect(result).toMatchObject({ resultType: "input_required", inputRequests: { answer: expect.anything() } });
  return result as { requestState: string };
}

const code = ({ result, error }: JsonRpcMessage) =>
  (result?.["_meta"] as { error?: { code: string } } | undefined)?.error?.code ?? error?.code;

describe("the answer of a 2026 client", () => {
  test("goes through once", async () => {
    const { requestState } = await asked();
    expect(removed).toEqual([]);
    expect((await call({ requestState, inputResponses })).result).not.toHaveProperty("isError");
    expect(removed).toEqual(["/a"]);
  });

  test("is worth nothing a second time, nor when it is sent many times at once", async () => {
    const { requestState } = await asked();
    const answers = await Promise.all(Array.from({ length: 8 }, () => call({ requestState, inputResponses })));
    answers.push(await call({ requestState, inputResponses }));
    expect(removed).toEqual(["/a"]);
    expect(answers.map(code).filter((each) => each === "CONFLICT")).toHaveLength(8);
  });

  test("is worth nothing for other arguments or another tool, and stays good for its own", async () => {
    const { requestState } = await asked();
    expect(code(await call({ requestState, inputResponses }, "remove_file", "/b"))).toBe("CONFLICT");
    expect(code(await call({ requestState, inputResponses }, "shred_file"))).toBe("CONFLICT");
    expect(removed).toEqual([]);
    await call({ requestState, inputResponses });
    expect(removed).toEqual(["/a"]);
  });

  test("is worth nothing to another server process", async () => {
    const { requestState } = await asked();
    peer = await rawPeer(server, { capabilities });
    expect(code(await call({ requestState, inputResponses }))).toBe(-32602);
    expect(removed).toEqual([]);
  });

  test.each([
    ["no state", { inputResponses }],
    ["an empty state", { requestState: "", inputResponses }],
    ["a state of another type", { requestState: 1, inputResponses }],
    ["a state that is an object", { requestState: { tool: "remove_file" }, inputResponses }],
    ["a state without an answer", { answerless: true }],
    ["an answer under another key", { inputResponses: { other: inputResponses.answer } }],
    ["an answer that is no object", { inputResponses: { answer: "accept" } }],
    ["a declined answer", { inputResponses: { answer: { action: "decline" } } }],
    [
      "an answer with content of another shape",
      { inputResponses: { answer: { action: "accept", content: { approve: "yes" } } } },
    ],
    ["an action nobody knows", { inputResponses: { answer: { action: "approve", content: { approve: true } } } }],
    [
      "a model's answer",
      { inputResponses: { answer: { model: "m", role: "assistant", content: { type: "text", text: "yes" } } } },
    ],
  ])("%s changes nothing", async (_, { ...params }) => {
    const { requestState } = await asked();
    if (!("requestState" in params) && _ !== "no state") Object.assign(params, { requestState });
    const { result, error } = await call(params);
    expect(error !== undefined || result?.["isError"] === true || result?.["resultType"] === "input_required").toBe(
      true,
    );
    expect(removed).toEqual([]);
  });

  test("is not accepted with any byte of its state changed", async () => {
    const { requestState } = await asked();
    // Not the last letter: two of its bits stand for nothing, so that four letters spell the same state.
    const index = fc.nat(requestState.length - 2);
    const letter = fc.constantFrom(..."ABab01-_.=");
    await fc.assert(
      fc.asyncProperty(index, letter, async (at, to) => {
        fc.pre(requestState[at] !== to);
        const forged = requestState.slice(0, at) + to + requestState.slice(at + 1);
        const answer = await call({ requestState: forged, inputResponses });
        expect(code(answer)).toBe(-32602);
        expect(removed).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

test("the state of a call says nothing that could not be shown: it is signed, not encrypted", async () => {
  const { requestState } = await asked();
  const words = requestState.split(".").map((part) => Buffer.from(part, "base64url").toString());
  expect(words.join("")).not.toContain("/a");
});

test("a 2026 client that says it has forms only for URLs is given a token", async () => {
  peer = await rawPeer(server, { capabilities: { elicitation: { url: {} } } });
  expect(code(await call({}))).toBe("DECLINED");
});

test("a 2026 client that names no mode has forms", async () => {
  peer = await rawPeer(server, { capabilities: { elicitation: {} } });
  expect((await call({})).result).toMatchObject({ resultType: "input_required" });
});

test("a state made for a 2026 client does not pass in the 2025 era", async () => {
  const { requestState } = await asked();
  const legacy = await rawPeer(server);
  const params = { protocolVersion: "2025-11-25", capabilities, clientInfo: { name: "raw", version: "1" }, _meta: {} };
  await legacy.request("initialize", params);
  const args = { _meta: {}, name: "remove_file", arguments: { path: "/a" }, requestState, inputResponses };
  expect(code(await legacy.request("tools/call", args))).toBe(-32602);
  expect(removed).toEqual([]);
});
