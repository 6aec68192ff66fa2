import { connect as connectClient } from "@mcp-reference/client";
import { confirm, deletes, reads, serveInMemory, text } from "@mcp-reference/runtime";
import { expect, test } from "vitest";
import { deferred } from "../../src/deferred.js";
import { connect, errorOf } from "../../src/index.js";
import { nothing, serverOf, tool } from "./testbed.js";

test("a call that timed out while it was asking does not begin afterwards", async () => {
  const asked = deferred();
  const ended = deferred();
  let handled = false;
  const server = serverOf({
    tools: [
      tool({
        name: "remove_all",
        description: "Remove all.",
        effect: deletes(),
        input: nothing,
        async ask() {
          await asked.promise;
          setImmediate(ended.resolve);
          return confirm("Remove all?");
        },
        handle() {
          handled = true;
          return text("gone");
        },
      }),
    ],
  });
  const client = await connect(server, { argv: ["--timeout", "0.1", "--confirm", "never"] });
  expect(errorOf(await client.callTool("remove_all"))).toMatchObject({ code: "TIMEOUT" });
  asked.resolve();
  await ended.promise;
  expect(handled).toBe(false);
});

test("a handler that is cancelled by the shutdown may clean up before the services close", async () => {
  const order: string[] = [];
  const begun = deferred();
  const server = serverOf({
    open: () => ({ close: () => void order.push("services closed") }),
    tools: [
      tool({
        name: "write_slowly",
        description: "Write slowly.",
        effect: reads(),
        input: nothing,
        async handle(_input, { signal }) {
          begun.resolve();
          try {
            await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
          } finally {
            await new Promise(setImmediate);
            order.push("cleaned up");
          }
          return text("");
        },
      }),
    ],
  });
  const served = await serveInMemory(server, { onLog: () => {} });
  const client = await connectClient({ transport: served.transport }, {});
  client.callTool("write_slowly").catch(() => {});
  await begun.promise;
  await served.close();
  expect(order).toEqual(["cleaned up", "services closed"]);
});
