import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathOfUri, pathOfVariable, uriOfPath } from "./file-uri.js";

const awkward = [
  "a b",
  "ü",
  "日本",
  "😀",
  "a#b",
  "a?b",
  "100%",
  "%41",
  "%2e%2e",
  "a\nb",
  "a\tb",
  " a ",
  "a,b;c",
  "a&b=c+d",
  "a'b\"c",
  "[x]",
  "{y}",
  "a|b^c`d",
  "a:b@c",
  "...",
];
const name = fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));
const posixName = name.filter(
  (text) => !/\p{Surrogate}/u.test(text) && !/[/\0]/.test(text) && !["", ".", ".."].includes(text),
);
const windowsName = posixName.filter((text) => !/[\\:]/.test(text));

describe("URIs of POSIX paths", () => {
  const absolute = fc.array(posixName, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join("/")}`);

  it("come back as the path they were, by the template and by URL rules alike", () => {
    fc.assert(
      fc.property(absolute, (file) => {
        const uri = uriOfPath(file, false);
        expect(uri).toMatch(/^file:\/\/\/[\x21-\x7e]*$/);
        expect(pathOfUri(uri, false)).toBe(file);
        expect(pathOfVariable(decodeURIComponent(uri.slice("file:///".length)), false)).toBe(file);
        if (!file.endsWith("/")) expect(fileURLToPath(uri, { windows: false })).toBe(file);
        expect(pathOfUri(new URL(uri).href, false)).toBe(file); // as a client may normalise it
      }),
    );
  });
});

describe("URIs of Windows paths", () => {
  const file = fc.array(windowsName, { minLength: 1, maxLength: 4 });

  it("keep the drive", () => {
    fc.assert(
      fc.property(file, (names) => {
        const written = `C:\\${names.join("\\")}`;
        const uri = uriOfPath(written, true);
        expect(uri).toMatch(/^file:\/\/\/C:\//);
        expect(path.win32.resolve(pathOfUri(uri, true) ?? "")).toBe(path.win32.resolve(written));
        expect(path.win32.resolve(fileURLToPath(uri, { windows: true }))).toBe(path.win32.resolve(written));
      }),
    );
  });

  it("take the drive as editors write it", () => {
    expect(pathOfUri("file:///c%3A/Users/me", true)).toBe("c:/Users/me");
  });

  it("keep the share", () => {
    const uri = uriOfPath("\\\\server\\share\\a b.txt", true);
    expect(path.win32.resolve(pathOfUri(uri, true) ?? "")).toBe("\\\\server\\share\\a b.txt");
  });
});

it("takes no other scheme or host for a local path", () => {
  for (const uri of ["https://example.org/a", "file://server/share", "/a/b", "a", "config://x"]) {
    expect(pathOfUri(uri, false)).toBeUndefined();
  }
});

it("refuses what is not properly encoded", () => {
  for (const uri of ["file:///100%", "file:///%zz", "file:///%ff"]) {
    expect(() => pathOfUri(uri, false)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  }
});
