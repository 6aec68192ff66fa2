const PREFIX = "db://results/";

/** URI of an export; its parts are below it, from 1. */
export const resultUri = (id: string) => `${PREFIX}${id}`;
