import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { privateFolder } from "./private-folder.js";
import { userCacheDir, userDataDir } from "./user-dirs.js";

let base = "";
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "private-folder-"));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe("privateFolder", () => {
  it("makes the folder and those above for its user alone", () => {
    const folder = privateFolder(join(base, "a", "b"));
    expect(folder).toBeDefined();
    for (const made of [join(base, "a"), join(base, "a", "b")]) expect(lstatSync(made).mode & 0o777).toBe(0o700);
    expect(privateFolder(join(base, "a", "b"))).toBe(folder);
  });

  it.each([0o755, 0o770, 0o701])("refuses a folder of mode %o", (mode) => {
    mkdirSync(join(base, "open"));
    chmodSync(join(base, "open"), mode);
    expect(privateFolder(join(base, "open"))).toBeUndefined();
  });

  it("refuses a folder that another user could replace", () => {
    for (const [mode, refused] of [
      [0o777, true],
      [0o720, true],
      [0o1777, false],
      [0o755, false],
    ] as const) {
      chmodSync(base, mode);
      expect(privateFolder(join(base, "leaf")) === undefined).toBe(refused);
    }
  });

  it("judges what a symlink leads to, and returns that", () => {
    mkdirSync(join(base, "real"), { mode: 0o700 });
    symlinkSync(join(base, "real"), join(base, "link"));
    expect(privateFolder(join(base, "link"))).toBe(privateFolder(join(base, "real")));
    mkdirSync(join(base, "open"));
    chmodSync(join(base, "open"), 0o777);
    symlinkSync(join(base, "open"), join(base, "open-link"));
    expect(privateFolder(join(base, "open-link"))).toBeUndefined();
  });
});

describe("userCacheDir", () => {
  it("follows the platform", () => {
    expect(userCacheDir({}, "linux")).toBe(join(homedir(), ".cache"));
    expect(userCacheDir({ XDG_CACHE_HOME: "/var/x" }, "linux")).toBe("/var/x");
    expect(userCacheDir({ XDG_CACHE_HOME: "relative" }, "linux")).toBe(join(homedir(), ".cache"));
    expect(userCacheDir({ XDG_CACHE_HOME: "/var/x" }, "darwin")).toBe(join(homedir(), "Library", "Caches"));
    expect(userCacheDir({ LOCALAPPDATA: "C:\\L" }, "win32")).toBe("C:\\L");
  });
});

describe("userDataDir", () => {
  it("follows the customs of the platform", () => {
    expect(userDataDir({}, "linux")).toBe(join(homedir(), ".local", "share"));
    expect(userDataDir({ XDG_DATA_HOME: "/var/x" }, "linux")).toBe("/var/x");
    expect(userDataDir({ XDG_DATA_HOME: "relative" }, "linux")).toBe(join(homedir(), ".local", "share"));
    expect(userDataDir({ XDG_DATA_HOME: "" }, "linux")).toBe(join(homedir(), ".local", "share"));
    expect(userDataDir({ XDG_DATA_HOME: "/var/x" }, "darwin")).toBe(join(homedir(), "Library", "Application Support"));
    expect(userDataDir({ LOCALAPPDATA: "C:\\L" }, "win32")).toBe("C:\\L");
  });
});
