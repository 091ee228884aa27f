/**
 * Every queue of dead letters, by the name of the consumer's queue or of the consumer, and what a letter in it is: a
 * message, as it lay in the queue before; news from the bus, in the queue of a consumer of events; a place in the orders'
 * stream; or an event that a function was called with. A new consumer is a line here; a test says so.
 */
export const DEAD_LETTERS = {
  callbacks: "message",
  watch: "message",
  sync: "message",
  imports: "message",
  "send-webhooks": "message",
  payments: "message",
  reconciliations: "message",
  "send-messages": "message",
  "find-orders": "message",
  "archive-events": "news",
  "hear-webhooks": "news",
  "start-fulfilment": "stream",
  "settle-money": "stream",
  "note-failed-run": "event",
} as const;

export type DeadLetterQueue = keyof typeof DEAD_LETTERS;
export const deadLetterQueues = Object.keys(DEAD_LETTERS) as [DeadLetterQueue, ...DeadLetterQueue[]];

/** Names a queue of dead letters, without the environment's prefix. */
export const deadLettersOf = (queue: string): string => `${queue}-dead-letters`;

type With<Kind extends string> = {
  [Q in DeadLetterQueue]: (typeof DEAD_LETTERS)[Q] extends Kind ? Q : never;
}[DeadLetterQueue];
const queuesWith = <Kind extends string>(...kinds: Kind[]) =>
  deadLetterQueues.filter((queue) => (kinds as string[]).includes(DEAD_LETTERS[queue])) as [
    With<Kind>,
    ...With<Kind>[],
  ];

/** The consumers of events, by the names of their queues. */
export const eventConsumers = queuesWith("news");
export type EventConsumer = (typeof eventConsumers)[number];

/** The queues whose letters were messages, and go back to them. */
export const messageQueues = queuesWith("message", "news");
