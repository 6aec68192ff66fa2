import { reads, text } from "@mcp-reference/runtime";
import { describe, expect, test } from "vitest";
import { connect, deferred, errorOf, textOf, variants } from "../../src/index.js";
import { nothing, resource, serverOf, tool } from "./testbed.js";

const effect = reads();
const declare = { description: "Does its part in a test.", effect, input: nothing };

describe.each(variants)("progress for $variant", (variant) => {
  test("rises, reaches the caller before the result, and stops with the call", async () => {
    const late = deferred<() => void>();
    const server = serverOf({
      tools: [
        tool({
          ...declare,
          name: "work",
          handle(_, { progress }) {
            for (const done of [1, 2, 2, 1, 3]) progress(done, 3, `step ${done}`);
            late.resolve(() => progress(4));
            return text("done");
          },
        }),
      ],
    });
    const client = await connect(server, variant);
    const seen: unknown[] = [];
    const result = await client.callTool("work", {}, { onProgress: (step) => seen.push(step) });
    expect(textOf(result)).toBe("done");
    expect(seen).toEqual([1, 2, 3].map((progress) => ({ progress, total: 3, message: `step ${progress}` })));
    (await late.promise)();
    await client.callTool("work");
    expect(seen).toHaveLength(3);
  });

  test("costs nothing where nobody asked for it", async () => {
    const server = serverOf({
      tools: [
        tool({
          ...declare,
          name: "work",
          handle(_, { progress }) {
            progress(1);
            return text("done");
          },
        }),
      ],
    });
    const client = await connect(server, variant);
    const notified: unknown[] = [];
    client.onNotification((notification) => notified.push(notification));
    expect(textOf(await client.callTool("work"))).toBe("done");
    expect(notified).toEqual([]);
  });
});

describe.each(variants)("cancellation by $variant", (variant) => {
  test("fires the handler's signal with CANCELLED, and the connection goes on", async () => {
    const started = deferred();
    const reason = deferred<unknown>();
    const server = serverOf({
      tools: [
        tool({
          ...declare,
          name: "wait",
          handle: (_, { signal }) =>
            new Promise<never>((_, reject) => {
              signal.addEventListener("abort", () => {
                reason.resolve(signal.reason);
                reject(signal.reason);
              });
              started.resolve();
            }),
        }),
        tool({ ...declare, name: "answer", handle: () => text("still here") }),
      ],
    });
    const client = await connect(server, variant);
    const cancel = new AbortController();
    const call = client.callTool("wait", {}, { signal: cancel.signal });
    await started.promise;
    cancel.abort();
    await expect(call).rejects.toThrow();
    expect(await reason.promise).toMatchObject({ code: "CANCELLED" });
    expect(textOf(await client.callTool("answer"))).toBe("still here");
  });

  test("reaches reads of resources too", async () => {
    const started = deferred();
    const aborted = deferred();
    const server = serverOf({
      resources: [
        resource({
          name: "slow",
          description: "Never comes.",
          uri: "slow:///",
          async read(_, { signal }) {
            signal.addEventListener("abort", () => aborted.resolve());
            started.resolve();
            await aborted.promise;
            return { text: "" };
          },
        }),
      ],
    });
    const client = await connect(server, variant);
    const cancel = new AbortController();
    const read = client.readResource("slow:///", { signal: cancel.signal });
    await started.promise;
    cancel.abort();
    await expect(read).rejects.toThrow();
    await aborted.promise;
  });

  test("a call that is cancelled while it waits in the queue never runs", async () => {
    const ran: string[] = [];
    const release = deferred();
    const full = deferred();
    const server = serverOf({
      tools: [
        tool({
          ...declare,
          name: "hold",
          async handle() {
            ran.push("hold");
            if (ran.length === 8) full.resolve();
            await release.promise;
            return text("released");
          },
        }),
        tool({
          ...declare,
          name: "late",
          handle() {
            ran.push("late");
            return text("ran");
          },
        }),
      ],
    });
    const client = await connect(server, variant);
    const holding = Array.from({ length: 8 }, () => client.callTool("hold"));
    await full.promise;
    const cancel = new AbortController();
    const late = client.callTool("late", {}, { signal: cancel.signal });
    cancel.abort();
    await expect(late).rejects.toThrow();
    release.resolve();
    await Promise.all(holding);
    expect(textOf(await client.callTool("hold"))).toBe("released");
    expect(ran).not.toContain("late");
  });
});

test.each(variants)("a call whose time is over before its services are open never runs ($variant)", async (variant) => {
  const ran: string[] = [];
  const opening = deferred();
  const server = serverOf({
    forCaller: async (services) => {
      await opening.promise;
      return services;
    },
    tools: [
      tool({
        ...declare,
        name: "late",
        handle() {
          ran.push("late");
          return text("ran");
        },
      }),
    ],
  });
  const client = await connect(server, { ...variant, argv: ["--timeout", "0.1"] });
  expect(errorOf(await client.callTool("late"))).toMatchObject({ code: "TIMEOUT" });
  opening.resolve();
  expect(textOf(await client.callTool("late"))).toBe("ran");
  expect(ran).toEqual(["late"]);
});

test.each(variants)("closing a connection cancels what it has running ($variant)", async (variant) => {
  const started = deferred();
  const aborted = deferred();
  const server = serverOf({
    tools: [
      tool({
        ...declare,
        name: "wait",
        async handle(_, { signal }) {
          signal.addEventListener("abort", () => aborted.resolve());
          started.resolve();
          await aborted.promise;
          return text("");
        },
      }),
    ],
  });
  const client = await connect(server, variant);
  const call = client.callTool("wait").catch(() => "rejected");
  await started.promise;
  await client.close();
  await aborted.promise;
  expect(await call).toBe("rejected");
});
