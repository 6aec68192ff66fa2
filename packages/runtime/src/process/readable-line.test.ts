import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readableLine } from "./readable-line.js";

const entry = { level: "warn", time: "2030-01-02T03:04:05.678Z", server: "sample", msg: "slow" };

describe("readableLine", () => {
  it("shows time, level, message and fields", () => {
    expect(readableLine({ ...entry, ms: 12, path: "/a b" })).toBe('03:04:05 WARN  slow ms=12 path="/a b"\n');
    expect(readableLine({ ...entry, msg: undefined, a: null })).toBe("03:04:05 WARN  a=null\n");
  });

  it("puts the stack of an error below", () => {
    const err = { type: "Error", message: "x", stack: "Error: x\n    at y" };
    expect(readableLine({ ...entry, err })).toBe("03:04:05 WARN  slow\n  Error: x\n      at y\n");
    expect(readableLine({ ...entry, err: "odd" })).toBe('03:04:05 WARN  slow\n  "odd"\n');
    expect(readableLine({ ...entry, err: null })).toBe("03:04:05 WARN  slow\n  null\n");
  });

  it("never lets a text steer the terminal or forge a line", () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom("\u001b", "\r", "\n", "\u009b", "\u0007", "a"), fc.string()),
    });
    fc.assert(
      fc.property(text, text, text, (msg, name, value) => {
        const line = readableLine({ ...entry, msg, [`f${name}`]: value });
        expect(line.slice(0, -1)).toMatch(/^\P{Cc}*$/u);
      }),
    );
  });
});
