const STAGED = /^\.(?:.+\.)?[0-9a-f]{12}\.mcp-tmp$/s;
const LOCK = /^\.[\w-]{22}\.mcp-lock$/;

/**
 * Whether this server gives such names to what it puts beside a file while it writes it. None lasts longer than the
 * write, unless the process is killed: in both cases it is nobody's file, and listings and searches pass over it.
 */
export const isWorkName = (name: string) => STAGED.test(name) || LOCK.test(name);
