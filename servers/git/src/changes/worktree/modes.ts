/** Modes of tree and index entries. */
export const DIRECTORY = 0o040000;
export const FILE = 0o100644;
export const EXECUTABLE = 0o100755;
export const LINK = 0o120000;
export const SUBMODULE = 0o160000;

/** A file of any content: executable or not. */
export const isFileMode = (mode: number): boolean => (mode & 0o170000) === 0o100000;
