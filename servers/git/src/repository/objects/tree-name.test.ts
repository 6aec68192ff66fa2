import { describe, expect, test } from "vitest";
import { bytesOf } from "../bytes/byte-string.js";
import { treeNameProblem } from "./tree-name.js";

describe("names of a tree", () => {
  test.each([
    "",
    ".",
    "..",
    "a/b",
    "/",
    "a\0",
    ".git",
    ".GIT",
    ".gIt",
    "git~1",
    "GIT~1",
    "git~12",
    ".git ",
    ".git.",
    ".git. . ",
    ".git::$INDEX_ALLOCATION",
    ".git:x",
    "git~1.",
    ".g\u200cit",
    "\ufeff.git",
    ".git\u206a",
    "a\\.git",
    "..\\.git\\config",
    ".git\\x",
    "..\\x",
    "a\\..\\b",
  ])("%j is refused", (name) => {
    expect(treeNameProblem(bytesOf(name))).toBeDefined();
  });

  test.each([
    "a",
    ".gitignore",
    ".gitmodules",
    ".gitattributes",
    "git",
    "git~",
    "git~x",
    "...",
    "a.git",
    ".git-rewrite",
    "a:b",
    "a\\b",
    " ",
    "é",
    "\u200c",
    ".github",
    "-rf",
    "a\nb",
  ])("%j is taken", (name) => {
    expect(treeNameProblem(bytesOf(name))).toBeUndefined();
  });
});
