import { describe, expect, it } from "vitest";
import { closest } from "./closest.js";

const known = ["--read-only", "--max-output", "--timeout", "--tools", "--config", "--confirm"];

describe("closest", () => {
  it.each([
    ["--read-olny", "--read-only"],
    ["--readonly", "--read-only"],
    ["--READ_ONLY", "--read-only"],
    ["--time-out", "--timeout"],
    ["--tool", "--tools"],
    ["--confrim", "--confirm"],
    ["--confif", "--config"],
    ["--con", undefined],
    ["--verbose", undefined],
    ["", undefined],
  ])("%s is meant as %s", (word, meant) => {
    expect(closest(word, known)).toBe(meant);
  });
});
