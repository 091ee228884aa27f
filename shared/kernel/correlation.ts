import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What an id may look like that correlates log lines. It comes from callers and from queues and goes into logs, records and headers,
 * so it is short, and printable without spaces.
 */
const USABLE = /^[\w.:/+=-]{1,100}$/;

const current = new AsyncLocalStorage<{ id: string | undefined }>();

/**
 * Runs work under an id by which all that it logs, records and sends is found together. An id that is missing or not usable leaves
 * the one around it.
 */
export function correlated<T>(id: string | undefined, work: () => T): T {
  return current.run({ id: usable(id) ?? correlationId() }, work);
}

/** Gives the id under which we work. Undefined: nobody has said one. */
export const correlationId = (): string | undefined => current.getStore()?.id;

/** Gives the id under which we work, as a part of an item, a log line or a message. */
export function correlation(): { correlationId?: string } {
  const id = correlationId();
  return id === undefined ? {} : { correlationId: id };
}

/**
 * Goes on under the id of the order that the work turns out to be about. Work that no request has begun, or that the request of
 * somebody else has begun, is then found with that order.
 */
export function correlateWith({ correlationId: id }: { correlationId?: string }): void {
  const store = current.getStore();
  if (store !== undefined) store.id = usable(id) ?? store.id;
}

const usable = (id: string | undefined): string | undefined => (id !== undefined && USABLE.test(id) ? id : undefined);
