import { describe, expect, test } from "vitest";
import { ToolError } from "./tool-error.js";

describe("a tool error in one line", () => {
  test("says what happened and what to do", () => {
    const error = new ToolError("NOT_FOUND", "there is no a.txt", { hint: "List the directory first" });
    expect(error.toLine()).toBe("NOT_FOUND: there is no a.txt. List the directory first.");
  });

  test("ends no sentence twice", () => {
    expect(new ToolError("CONFLICT", "Really?", { hint: "Read it again." }).toLine()).toBe(
      "CONFLICT: Really? Read it again.",
    );
  });

  test("has an end, whatever it repeats", () => {
    expect(new ToolError("NOT_FOUND", "x".repeat(1e6)).toLine().length).toBeLessThan(5000);
  });

  test("keeps its cause out", () => {
    const error = new ToolError("UPSTREAM", "the database said no", {
      cause: new Error("postgres://user:hunter2@host"),
    });
    expect(error.toLine() + JSON.stringify(error.details)).not.toContain("hunter2");
  });
});
