import { ToolError } from "@mcp-reference/validation";
import { resource, serverOf } from "./testbed.js";

/** A server whose watches can be counted, and whose resources can be changed. */
export function watched({ begin = async () => {} }: { begin?: (name: string) => Promise<void> } = {}) {
  const live = new Map<string, Set<() => void>>();
  const started: string[] = [];
  const server = serverOf({
    resources: [
      resource({
        name: "note",
        description: "A note.",
        template: "note:///{name}",
        read: ({ name = "" }) => ({ text: name }),
        async watch({ name = "" }, changed) {
          if (name === "private") throw new ToolError("PERMISSION_DENIED", "that note is private");
          started.push(name);
          await begin(name);
          const watchers = live.get(name) ?? new Set();
          live.set(name, watchers.add(changed));
          return () => {
            watchers.delete(changed);
            if (watchers.size === 0) live.delete(name);
          };
        },
      }),
      resource({ name: "fixed", description: "Never changes.", uri: "fixed:///", read: () => ({ text: "" }) }),
    ],
  });
  const change = (name: string) => {
    for (const changed of live.get(name) ?? []) changed();
  };
  return { server, live, started, change };
}
