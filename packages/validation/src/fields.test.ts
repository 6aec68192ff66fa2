import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteSize, filePath, limit } from "./fields.js";

describe("filePath", () => {
  test("leaves every name as it was written", () => {
    const name = fc.string({ minLength: 1, unit: "binary" }).filter((candidate) => !candidate.includes("\0"));
    fc.assert(
      fc.property(name, (path) => {
        expect(filePath.parse(path)).toBe(path);
      }),
    );
  });

  test.each(["", "a\0b", "x".repeat(32_769)])("refuses %j", (path) => {
    expect(filePath.safeParse(path).success).toBe(false);
  });
});

describe("byteSize", () => {
  test.each([
    [0, 0],
    ["65536", 65_536],
    ["64k", 65_536],
    ["16M", 16 * 1024 ** 2],
    ["2g", 2 * 1024 ** 3],
  ])("%j is %d bytes", (written, bytes) => {
    expect(byteSize.parse(written)).toBe(bytes);
  });

  test.each(["", "k", "1.5k", "-1", "1kb", "1 k", -1, 0.5])("%j is no size", (written) => {
    expect(byteSize.safeParse(written).success).toBe(false);
  });
});

test("a short list has between 1 and 100 entries a page", () => {
  expect([0, 1, 100, 101, 1.5].map((count) => limit.safeParse(count).success)).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});
