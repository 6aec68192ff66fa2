import { setMaxListeners } from "node:events";
import { deferred } from "@mcp-reference/testing";
import { describe, expect, it } from "vitest";
import { PathLocks } from "./path-locks.js";

const never = new AbortController().signal;
setMaxListeners(0, never); // twenty calls wait with it

describe("PathLocks", () => {
  it("lets one at a time work on a path, in the order they came", async () => {
    const locks = new PathLocks();
    const order: number[] = [];
    let inside = 0;
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        locks.hold(["/a"], never, async () => {
          expect(++inside).toBe(1);
          await Promise.resolve();
          order.push(index);
          inside--;
        }),
      ),
    );
    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it("takes several without deadlock, also the same one twice and in another spelling", async () => {
    const locks = new PathLocks();
    const paths = ["/a", "/b", "/c", "/A", "/é", "/e\u0301"];
    const jobs = Array.from({ length: 60 }, (_, index) =>
      locks.hold([paths[index % 6] ?? "", paths[(index * 5 + 1) % 6] ?? "", "/c"], never, async () => index),
    );
    expect(await Promise.all(jobs)).toHaveLength(60);
  });

  it("does not make other paths wait", async () => {
    const locks = new PathLocks();
    const gate = deferred();
    const held = locks.hold(["/a"], never, () => gate.promise);
    expect(await locks.hold(["/b"], never, async () => "free")).toBe("free");
    gate.resolve();
    await held;
  });

  it("lets go when work fails or a waiting call is cancelled", async () => {
    const locks = new PathLocks();
    const gate = deferred();
    const held = locks.hold(["/a"], never, () => gate.promise);
    const controller = new AbortController();
    const waiting = locks.hold(["/a", "/b"], controller.signal, async () => "ran");
    const cancelled = expect(waiting).rejects.toThrow("enough");
    controller.abort(new Error("enough"));
    await cancelled;
    const next = locks.hold(["/a"], never, async () => "next");
    gate.reject(new Error("broken"));
    await expect(held).rejects.toThrow("broken");
    expect(await next).toBe("next");
    expect(await locks.hold(["/b"], never, async () => "b")).toBe("b");
    await expect(locks.hold(["/a"], controller.signal, async () => "ran")).rejects.toThrow("enough");
    expect(await locks.hold(["/a"], never, async () => "a")).toBe("a");
  });
});
