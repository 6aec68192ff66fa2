import { ToolError } from "@mcp-reference/validation";
import { expect, it } from "vitest";
import { fromErrno } from "./errno.js";

const failure = (code: string) => Object.assign(new Error(`${code}: no, open '/proc/self/fd/9/x'`), { code });

it.each([
  ["ENOENT", "NOT_FOUND"],
  ["EACCES", "PERMISSION_DENIED"],
  ["EPERM", "PERMISSION_DENIED"],
  ["EROFS", "PERMISSION_DENIED"],
  ["ENOTDIR", "INVALID_ARGUMENT"],
  ["ENAMETOOLONG", "INVALID_ARGUMENT"],
  ["ELOOP", "INVALID_ARGUMENT"],
  ["EISDIR", "UNSUPPORTED"],
  ["EEXIST", "ALREADY_EXISTS"],
  ["ENOSPC", "UNAVAILABLE"],
  ["EMFILE", "UNAVAILABLE"],
])("%s is %s, in the words of the caller", (errno, code) => {
  const error = fromErrno(failure(errno), "my\nfile") as ToolError;
  expect(error).toBeInstanceOf(ToolError);
  expect(error.code).toBe(code);
  expect(error.toLine()).toContain('"my\\nfile"');
  expect(error.toLine()).not.toMatch(/\/proc|\n/);
});

it("leaves other errors as they are", () => {
  for (const error of [new ToolError("CONFLICT", "x"), new Error("x"), failure("EWHATEVER"), "x"]) {
    expect(fromErrno(error, "f")).toBe(error);
  }
});

it("keeps a long path to one line of a bearable length", () => {
  const { message } = fromErrno(failure("ENOENT"), "x/".repeat(16_000)) as ToolError;
  expect(message.length).toBeLessThan(400);
});
