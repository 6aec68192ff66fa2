/** The SHA-1 of an object: 40 lower-case hexadecimal digits. */
export type ObjectId = string;

export type ObjectType = "commit" | "tree" | "blob" | "tag";

/** Stands for "no object" in reflogs and ref updates. */
export const NULL_ID: ObjectId = "0".repeat(40);

export const isObjectId = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);
