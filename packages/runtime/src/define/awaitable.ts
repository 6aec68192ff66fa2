/** What a handler may return: a value now or later. */
export type Awaitable<T> = T | Promise<T>;
