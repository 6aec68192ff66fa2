import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathOfRootUri } from "./root-uri.js";

describe("pathOfRootUri", () => {
  it.each([
    ["file:///home/me/my%20files", "/home/me/my files"],
    ["file:///home/caf%C3%A9", "/home/café"],
    ["FILE:///home", "/home"],
    ["file://localhost/home", "/home"],
    ["file:///", "/"],
    ["file:///a%2Fb", undefined],
    ["file:///%ff", undefined],
    ["file://server/share", undefined],
    ["https://example.com/home", undefined],
    ["/home/me", undefined],
    ["", undefined],
  ])("reads %s on POSIX systems", (uri, path) => {
    expect(pathOfRootUri(uri, false)).toBe(path);
  });

  it.each([
    ["file:///C:/Users/me", "C:\\Users\\me"],
    ["file:///c%3A/Users/my%20files", "c:\\Users\\my files"],
    ["file://server/share/dir", "\\\\server\\share\\dir"],
    ["file:///home/me", undefined],
    ["file:///C:/a%5Cb", undefined],
  ])("reads %s on Windows", (uri, path) => {
    expect(pathOfRootUri(uri, true)).toBe(path);
  });

  it("reads back what any client makes of a path", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\/[^\0/\\]{1,20}$/u), (path) => {
        fc.pre(path.isWellFormed() && path !== "/." && path !== "/..");
        expect(pathOfRootUri(pathToFileURL(path).href, false)).toBe(path);
      }),
    );
  });
});
