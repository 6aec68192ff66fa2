import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { userDataDir } from "./user-data-dir.js";

it("finds the user's data folder on each platform", () => {
  expect(userDataDir({ XDG_DATA_HOME: "/data" }, "linux")).toBe("/data");
  expect(userDataDir({ XDG_DATA_HOME: "relative" }, "linux")).toBe(join(homedir(), ".local", "share"));
  expect(userDataDir({}, "darwin")).toBe(join(homedir(), "Library", "Application Support"));
  expect(userDataDir({ LOCALAPPDATA: "C:\\Data" }, "win32")).toBe("C:\\Data");
  expect(userDataDir({}, "win32")).toBe(join(homedir(), "AppData", "Local"));
});
