import { describe, expect, test } from "vitest";
import { markdownTable, replaceBlocks } from "./blocks.js";

const document =
  "# Title\n<!-- generated:a -->\nold\n<!-- /generated -->\nby hand\n<!-- generated:b --><!-- /generated -->\n";

describe("replaceBlocks", () => {
  test("fills each block and leaves what is written by hand", () => {
    expect(replaceBlocks(document, { a: "new", b: "more" })).toBe(
      "# Title\n<!-- generated:a -->\nnew\n<!-- /generated -->\nby hand\n<!-- generated:b -->\nmore\n<!-- /generated -->\n",
    );
  });

  test("changes nothing the second time", () => {
    const once = replaceBlocks(document, { a: "x" });
    expect(replaceBlocks(once, { a: "x" })).toBe(once);
  });

  test("a document without the block is an error, not a silent miss", () => {
    expect(() => replaceBlocks(document, { c: "x" })).toThrow(/generated:c/);
  });
});

test("a cell cannot break out of its table", () => {
  expect(markdownTable(["h"], [["a|b\nc"]])).toBe("| h |\n| --- |\n| a\\|b c |");
});
