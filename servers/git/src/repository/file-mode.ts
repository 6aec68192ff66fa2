import type { ByteString } from "./bytes/byte-string.js";

/** Types of entries, as the highest bits of their modes. */
const TYPE = 0o170000;
const REGULAR = 0o100000;

/** Modes that git gives to the entries of trees and of the index. */
export const DIRECTORY = 0o040000;
export const FILE = 0o100644;
export const PROGRAM = 0o100755;
export const LINK = 0o120000;
export const SUBMODULE = 0o160000;

export const isDirectory = (mode: number): boolean => (mode & TYPE) === DIRECTORY;
export const isRegularFile = (mode: number): boolean => (mode & TYPE) === REGULAR;
export const isSubmodule = (mode: number): boolean => (mode & TYPE) === SUBMODULE;

/** Are both regular files, both links, or both submodules? */
export const isSameType = (one: number, other: number): boolean => (one & TYPE) === (other & TYPE);

/** As git prints it: six octal digits. */
export const modeText = (mode: number): ByteString => mode.toString(8).padStart(6, "0");
