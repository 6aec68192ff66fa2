/** What a scanner of SQL must not look into, in the order in which it meets them: comments, quoted names and strings. */
const QUOTED =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"]|"")*(?:"|$)|\bE'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|\$([a-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)/gi;

/**
 * One line of a statement that somebody else ran: white space and comments closed up, strings left out because they are
 * other people's data (and, in ALTER ROLE, passwords), cut after `length` characters.
 */
export function statementLine(sql: string, length = 100): string {
  const line = sql
    .replace(QUOTED, (part) => (part.startsWith('"') ? part : /^(--|\/\*)/.test(part) ? " " : "'…'"))
    .replace(/\s+/g, " ")
    .trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
