import type * as z from "zod";
import { idOf } from "../kernel/ids.ts";

/**
 * Something that has happened. `occasion` tells it from others of its type, and is the same whenever the same thing is
 * told again: for example an order with its version, an import, a crossing with its number. `facts` are ids, and words
 * from closed lists. Never a value: a consumer that needs an amount, a name or a code reads the thing that the id names,
 * with the permissions that this takes.
 */
export type DomainEvent<Type extends string = string, Facts extends object = object> = {
  type: Type;
  occasion: string;
  at: string;
  facts: Facts;
};

/** The events of a domain, from the schemas of their facts, which stand beside the domain. */
export type EventsOf<Schemas extends Readonly<Record<string, z.ZodType<object>>>> = {
  [Type in keyof Schemas & string]: DomainEvent<Type, z.output<Schemas[Type]>>;
}[keyof Schemas & string];

/**
 * Raised when the facts of an event change their meaning. New facts are no new version: consumers pass over what they
 * don't know.
 */
export const EVENT_VERSION = 1;

/**
 * What is told at once of one subject: an order, a pool, an import. `first` is the number of the first of these events;
 * the others follow it. The numbers of a subject have no gaps, but its news may arrive in any order. Absent: this subject
 * numbers nothing, and each event stands for itself. `hasContact`: its buyer can be reached, for rules on the bus.
 */
export type News = { subject: string; events: readonly DomainEvent[]; first?: number; hasContact?: true };

/**
 * Gives the id of an event. It is the same however often the event is told: consumers drop those that they have seen.
 */
export function eventIdOf({ type, occasion }: Pick<DomainEvent, "type" | "occasion">): string {
  return idOf("evt", type, occasion);
}

/** What consumers get of an event. */
export type Told = { id: string; type: string; number?: number; at: string; v: number } & Record<string, unknown>;

/** What consumers get of some news. `types` is for rules on the bus, which can't look into a list of objects. */
export type ToldNews = { subject: string; types: string[]; hasContact?: true; events: Told[] };

/** The news of several subjects of one kind in one entry on the bus, which is what is paid for. Each consumer takes them one by one. */
export type ToldTogether = { news: ToldNews[] };

/** Makes what consumers get, on the bus and from the archive. */
export function toldOf({ subject, events, first, hasContact }: News): ToldNews {
  return {
    subject,
    types: [...new Set(events.map(({ type }) => type))],
    ...(hasContact === undefined ? {} : { hasContact }),
    events: events.map(({ type, occasion, at, facts }, index) => {
      const number = first === undefined ? {} : { number: first + index };
      return { id: eventIdOf({ type, occasion }), type, ...number, at, v: EVENT_VERSION, ...facts };
    }),
  };
}

/** Makes what consumers get of several news. What tells of nothing is left out. */
export const allToldOf = (news: readonly News[]): ToldNews[] =>
  news.filter(({ events }) => events.length > 0).map(toldOf);

/** What something is about, by the first word of its type: rules choose by it. `order.paid` is about an `order`. */
export const kindOf = (type: string): string => type.split(".")[0] ?? type;

/** The detail type on the bus of all news about this kind of thing. */
export const detailTypeOf = (kind: string): string => `${kind}.changed`;
