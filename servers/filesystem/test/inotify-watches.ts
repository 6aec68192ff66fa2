import { readdirSync, readFileSync } from "node:fs";

/** How many directories this process watches, as the kernel tells; always 0 where it is not Linux. */
export function inotifyWatches(): number {
  if (process.platform !== "linux") return 0;
  const infos = readdirSync("/proc/self/fdinfo").map((fd) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
    } catch {
      return ""; // the descriptor that read the directory
    }
  });
  return infos.join("\n").split("inotify wd:").length - 1;
}
