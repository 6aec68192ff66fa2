import type { Stats } from "node:fs";

/** What tells a changed file from one that is as it was; `lstat` gives it. */
export type FileStat = Pick<
  Stats,
  "mode" | "size" | "mtimeMs" | "ctimeMs" | "ino" | "uid" | "gid" | "isDirectory" | "isSymbolicLink"
>;
