/** Types of entries, as the highest bits of their modes. */
export const TYPE = 0o170000;
export const DIRECTORY = 0o040000;
export const FILE = 0o100644;
export const PROGRAM = 0o100755;
export const LINK = 0o120000;
export const SUBMODULE = 0o160000;

/** Are both regular files, both links, or both submodules? */
export const isSameType = (a: number, b: number): boolean => (a & TYPE) === (b & TYPE);
