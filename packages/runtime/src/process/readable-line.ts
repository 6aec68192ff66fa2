/** What a log line holds, once parsed. */
export type LogEntry = Readonly<Record<string, unknown>>;

/** One log entry as a person reads it on a terminal: `12:30:01 WARN  message key=value`, stacks on lines of their own. */
export function readableLine(entry: LogEntry): string {
  const { level, time, server: _, msg, err, ...fields } = entry;
  const head = [
    String(time).slice(11, 19),
    String(level).toUpperCase().padEnd(5),
    msg === undefined ? "" : visible(String(msg)),
  ];
  const pairs = Object.entries(fields).map(([name, value]) => `${visible(name)}=${visible(JSON.stringify(value))}`);
  const lines = [[...head.filter(Boolean), ...pairs].join(" "), ...stackOf(err)];
  return `${lines.join("\n")}\n`;
}

function stackOf(err: unknown): string[] {
  if (err === undefined) return [];
  const { stack } = (err ?? {}) as { stack?: unknown };
  const text = typeof stack === "string" ? stack : JSON.stringify(err);
  return text.split("\n").map((line) => `  ${visible(line)}`);
}

/** Log texts may come from anywhere: control characters must not steer the terminal. */
const visible = (text: string) =>
  text.replace(/\p{Cc}/gu, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`);
