import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillPath, isPlainTemplate, matchTemplate, variablesIn } from "./uri-template.js";

const refused = expect.objectContaining({ code: "INVALID_ARGUMENT" });

it("knows plain templates from others", () => {
  for (const plain of ["file:///a", "file:///logs/{date}.log", "x:{a}-{b}"]) expect(isPlainTemplate(plain)).toBe(true);
  for (const other of ["file:///{+path}", "x:{/a}", "x:{?q}", "x:{a,b}", "x:{a*}", "x:{a:3}", "x:{a", "x:a}", "x:{}"]) {
    expect(isPlainTemplate(other)).toBe(false);
  }
});

describe("filling a path", () => {
  it("never leads to another directory, whatever the values are", () => {
    const value = fc.oneof(
      fc.constantFrom("..", ".", "", "../x", "/etc", "..\\x", "a/b", "a..b", "2026-01-01"),
      fc.string(),
    );
    const templates = fc.constantFrom(
      "logs/{a}.log",
      "logs/{a}{b}",
      "logs/{a}",
      "/srv/{a}/{b}.txt",
      "{a}/x",
      "C:\\logs\\{a}\\x",
    );
    fc.assert(
      fc.property(templates, value, value, (template, a, b) => {
        let filled: string;
        try {
          filled = fillPath(template, { a, b });
        } catch (error) {
          expect(error).toEqual(refused);
          return;
        }
        const depth = (file: string) => path.posix.normalize(file.replaceAll("\\", "/")).split("/").length;
        expect(depth(filled)).toBe(depth(template));
      }),
    );
  });

  it("takes what is part of a name", () => {
    expect(fillPath("logs/{date}.log", { date: "2026-01-31" })).toBe("logs/2026-01-31.log");
    expect(fillPath("logs/{date}.log", { date: ".." })).toBe("logs/...log");
    expect(() => fillPath("logs/{date}", { date: ".." })).toThrow(refused);
    expect(() => fillPath("logs/{a}{b}", { a: ".", b: "." })).toThrow(refused);
  });
});

it("finds in a text what it was filled with", () => {
  const value = fc.string({ minLength: 1 }).filter((text) => !/[/\\-]/.test(text));
  fc.assert(
    fc.property(value, value, (a, b) => {
      const template = "dir.(x)/{a}-{b}.log";
      expect(matchTemplate(template, fillPath(template, { a, b }))).toEqual({ a, b });
    }),
  );
  expect(matchTemplate("logs/{date}.log", "logs/a/b.log")).toBeUndefined();
  expect(matchTemplate("logs/{date}.log", "logs/axlog")).toBeUndefined();
  expect(variablesIn("logs/{date}-{host}.log")).toEqual(["date", "host"]);
});
